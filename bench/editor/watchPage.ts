/**
 * What a run view's page does while events come in: when each was painted, how long frames were apart, and the work in
 * them. Runs inside the page and reads Chromium's own trace; changes nothing of the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Frame } from "playwright-core";
import { PROFILES } from "./probe.ts";

export interface PageFigures {
  /** From the time in an event to the end of the frame that shows it, in ms; one figure an event. */
  readonly painted: readonly number[];
  /** From the time in an event to its message in the page, in ms; one figure an event. */
  readonly told: readonly number[];
  /** Between two frames, in ms, from the first message to the last event painted. */
  readonly frames: readonly number[];
  /** Between two frames before and after that. */
  readonly otherFrames: readonly number[];
  readonly messages: number;
  /** From the first message to the last, in ms. */
  readonly time: number;
}

/** What a trace holds beside the times of frames, to be looked at in Chromium's own tools. */
const PROFILED = ["toplevel", "blink.user_timing", "disabled-by-default-v8.cpu_profiler"];

const SCRIPT = join(import.meta.dirname, "fixtures", "watchPage.js");

/** For all events to be painted, in ms. */
const PATIENCE = 120_000;

export interface WatchedPage {
  /** Resolves once so many events are painted. */
  shows(count: number): Promise<void>;
  figures(): Promise<PageFigures>;
}

/** Watches from now on, until the figures are asked for. */
export async function watchPage(frame: Frame): Promise<WatchedPage> {
  await frame.evaluate(readFileSync(SCRIPT, "utf8"));
  return {
    shows: async (count) => {
      const late = sleep(PATIENCE, "late", { ref: false });
      const first = await Promise.race([frame.evaluate(`window.shownAtLeast(${count})`), late]);
      if (first === "late") throw new Error(`${count} events were not painted in time`);
    },
    figures: () => frame.evaluate<PageFigures>("window.watched()"),
  };
}

/** Processor time of each frame's script and of its style, layout and paint, in ms, while `during` goes on. */
export async function frameWork(
  browser: Browser,
  frame: Frame,
  during: () => Promise<void>,
): Promise<readonly number[]> {
  const page = frame.page();
  const categories = ["devtools.timeline", ...(PROFILES ? PROFILED : [])];
  await browser.startTracing(page, { categories });
  await frame.evaluate('console.timeStamp("fermata")');
  await during();
  const trace = await browser.stopTracing();
  if (PROFILES) writeFileSync(join(PROFILES, "run.trace.json"), trace);
  const { traceEvents } = JSON.parse(trace.toString("utf8"));
  return workOf(traceEvents);
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly message?: string } };
}

const WORK = new Set(["FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint"]);

function workOf(events: readonly TraceEvent[]): readonly number[] {
  const mark = events.find(
    ({ name, args }) => name === "TimeStamp" && args?.data?.message === "fermata",
  );
  if (!mark) throw new Error("the trace does not know the page");
  const own = events
    .filter(({ pid, tid, name }) => pid === mark.pid && tid === mark.tid && WORK.has(name))
    .sort((a, b) => a.ts - b.ts);
  const frames: number[] = [];
  for (const { name, tdur = 0 } of own) {
    if (name === "FireAnimationFrame" || frames.length === 0) frames.push(0);
    frames[frames.length - 1] = (frames.at(-1) ?? 0) + tdur / 1000;
  }
  return frames;
}

/** A played run as short lines of text: what goldens hold. Leaves out tokens and seeds, tells times from the start. */

import type { Effect } from "../../src/run/command.ts";
import type { Recorded, RunEvent } from "../../src/run/event.ts";
import type { RunState } from "../../src/run/state.ts";
import { formatDuration } from "../../src/workflow/duration.ts";
import type { Listener } from "./play.ts";

const TIMES = new Set(["due", "deadline"]);
const LEFT_OUT = new Set(["type", "path", "token", "id", "shown", "attempt", "owner"]);

/** Writes lines as things happen. `start` in ms since the epoch. */
export function createScribe(
  start: number,
): Listener & { say(line: string): void; text(): string } {
  const lines: string[] = [];
  let last = start;
  const say = (line: string): void => void lines.push(line);
  return {
    say,
    text: () => lines.join("\n"),
    event: ({ at, event }: Recorded) => {
      if (at !== last) say(`+${formatDuration(at - start)}`);
      last = at;
      if (event.type !== "run_started") say(`  ${eventLine(event, start)}`);
    },
    effect: (effect: Effect) => {
      const request = effect.type === "perform" ? ` ${json(effect.request)}` : "";
      const said = effect.type === "tell" ? ` ${effect.question} ${json(effect.answer)}` : "";
      const idle =
        effect.type === "perform" && effect.idle_timeout !== undefined
          ? ` idle ${formatDuration(effect.idle_timeout)}`
          : "";
      say(`  -> ${effect.type} ${effect.path} #${effect.attempt}${request}${idle}${said}`);
    },
    refused: (reason) => say(`  refused: ${reason}`),
  };
}

/** How the run stands at the end of a case. */
export function endLines(state: RunState): readonly string[] {
  const { status, value, failure, breakpoints, timers, signals } = state;
  const waiting = [...state.open.values()].flatMap(({ state: now, path }) =>
    now.is === "waiting" || now.is === "running" ? [`${path} ${now.is}`] : [],
  );
  return [
    `= ${status}${value === undefined ? "" : ` ${json(value)}`}${failure ? ` ${json(failure)}` : ""}`,
    `  state ${json(state.root.body.state)}`,
    `  tasks ${[...state.tasks.values()].map(({ path, status }) => `${path} ${status}`).join(", ")}`,
    ...(breakpoints.size > 0 ? [`  asked ${[...breakpoints.keys()].join(", ")}`] : []),
    ...(waiting.length > 0 ? [`  ${waiting.join(", ")}`] : []),
    ...(timers.size > 0 ? [`  timers ${[...timers.keys()].join(", ")}`] : []),
    ...(signals.size > 0 ? [`  signals kept ${[...signals.keys()].join(", ")}`] : []),
  ];
}

function eventLine(event: RunEvent, start: number): string {
  const path = "path" in event && event.path !== undefined ? ` ${event.path}` : "";
  const attempt = "attempt" in event ? ` #${event.attempt}` : "";
  const rest = Object.entries(event).flatMap(([key, value]) => {
    if (LEFT_OUT.has(key) || value === undefined) return [];
    if (key === "request") return [key];
    if (TIMES.has(key) && typeof value === "number") return [`${key}=${relative(value - start)}`];
    return [`${key}=${json(value)}`];
  });
  return [`${event.type}${path}${attempt}`, ...rest].join(" ");
}

function relative(ms: number): string {
  return ms < 0 ? `-${formatDuration(-ms)}` : `+${formatDuration(ms)}`;
}

function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /\{"code":("\w+"),"message":("(?:[^"\\]|\\.)*")/g,
    "{$1: $2",
  );
}

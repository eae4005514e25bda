/**
 * A run as lines of text: the terminal's live view and `fermata show`.
 * Owns the layout; widths are measured by the host, because a terminal has its own idea of them.
 */

import { formatElapsed } from "../duration.ts";
import { printableLine } from "../printable.ts";
import type { Status } from "../statusWord.ts";
import type { TaskRow } from "../taskRow.ts";
import { formatTokens } from "../usage.ts";
import { criteriaLines } from "./criteria.ts";
import { cutText } from "./cutText.ts";
import { createPaint, type Paint, type Style } from "./paint.ts";

export interface TextOptions {
  /** Shown after the run's id. */
  readonly workspace: string;
  /** Which agent stands behind each name, a line each; `open` tells them in one. */
  readonly agents?: readonly string[];
  /** Columns of the surface. */
  readonly width: number;
  /** Columns that a text without colour codes takes. */
  readonly widthOf: (text: string) => number;
  readonly colour: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `open`: what is finished stays folded. `all`: everything that began. */
  readonly show: "open" | "all";
  /** Lines at most; what is finished gives way first. */
  readonly height?: number;
  /** Counts up with every picture: turns the sign of what runs. */
  readonly tick?: number;
}

/** The lines of a run, none wider than `width`. */
export function runText(run: TaskRow, options: TextOptions): readonly string[] {
  const page: Page = { ...options, paint: createPaint(options.colour) };
  const heading = [run.title, run.id, options.workspace].map(printableLine).join(" · ");
  const agents = agentsText(options);
  const taken = 2 + agents.length;
  const room = options.height === undefined ? undefined : Math.max(1, options.height - taken);
  const lines = fitLines(listLines(page, run.children, 0), room);
  return [
    page.paint("bold", cut(page, heading, options.width)),
    ...agents.map((line) => page.paint("dim", ` ${cut(page, line, options.width - 1)}`)),
    ...lines.map(({ text }) => text),
    footer(page, run),
    ...criteriaLines(run.criteria, page.paint).map(
      (line) => ` ${cut(page, line, options.width - 1)}`,
    ),
  ];
}

function agentsText({ agents = [], show }: TextOptions): readonly string[] {
  const lines = agents.map(printableLine);
  return show === "all" || lines.length === 0 ? lines : [lines.join(" · ")];
}

/** The sign before a row: tells the state without colour. `tick` turns that of a running one. */
export function signOf(status: Status, tick = 0): string {
  return status === "running" ? (SPINNER[tick % SPINNER.length] ?? "") : SIGNS[status];
}

/** What stands beside a row's title: its word where the sign is not enough, counts, what it does, time, tokens. */
export function rowInfo(row: TaskRow, now: number): string {
  const parts: string[] = [];
  if (!PLAIN.has(row.status) || isInQueue(row)) parts.push(row.word);
  if (row.agent !== undefined && !row.detail?.includes(row.agent))
    parts.push(printableLine(row.agent));
  if (row.progress) parts.push(`${row.progress.done}/${row.progress.total}`);
  if (row.detail !== undefined) parts.push(printableLine(row.detail));
  const elapsed = elapsedOf(row, now);
  const planned = row.estimate === undefined ? "" : ` of ${formatElapsed(row.estimate)} planned`;
  if (elapsed !== undefined && !(row.status === "running" && row.detail !== undefined))
    parts.push(elapsed + planned);
  else if (row.dimmed && planned !== "") parts.push(planned.slice(4));
  if (row.tokens > 0) parts.push(formatTokens(row.tokens));
  return parts.join(" · ");
}

/** It has begun, and waits for its turn: something to be told, unlike a step to come. */
function isInQueue(row: TaskRow): boolean {
  return row.status === "queued" && !row.dimmed;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

const SIGNS: Readonly<Record<Exclude<Status, "running">, string>> = {
  queued: "·",
  asking: "?",
  waiting: "◷",
  paused: "‖",
  retrying: "↻",
  done: "✔",
  skipped: "–",
  rejected: "✖",
  failed: "✖",
  cancelled: "■",
  interrupted: "!",
};

const COLOURS: Readonly<Record<Status, Style>> = {
  queued: "dim",
  running: "cyan",
  asking: "yellow",
  waiting: "yellow",
  paused: "yellow",
  retrying: "yellow",
  done: "green",
  skipped: "dim",
  rejected: "red",
  failed: "red",
  cancelled: "dim",
  interrupted: "yellow",
};

/** Said by their sign alone. */
const PLAIN: ReadonlySet<Status> = new Set(["queued", "running", "done"]);

/** A title this long pushes what stands beside it no further. */
const WIDEST_TITLE = 44;

interface Page extends TextOptions {
  readonly paint: Paint;
}

/** A line, and whether it may give way when there is no room, and as what. */
interface Line {
  readonly text: string;
  readonly spare: "no" | "over" | "coming";
}

function listLines(page: Page, rows: readonly TaskRow[], depth: number): readonly Line[] {
  const list = depth === 0 || !rows.some((row) => row.kind === "item" || row.kind === "branch");
  const last = rows.findLastIndex((row) => !row.dimmed);
  const shown = list ? rows.slice(0, last + 1) : rows;
  const column = Math.min(
    WIDEST_TITLE,
    Math.max(0, ...shown.map((row) => page.widthOf(printableLine(row.title)))),
  );
  const lines = shown.flatMap((row) => rowLines(page, row, depth, column));
  return [...lines, ...comingLines(page, rows.slice(shown.length), depth)];
}

function rowLines(page: Page, row: TaskRow, depth: number, column: number): readonly Line[] {
  const sign = signOf(row.status, page.tick);
  const indent = " ".repeat(1 + 2 * depth);
  const room = Math.max(8, page.width - indent.length - 2);
  const title = cut(page, printableLine(row.title), room);
  const gap = " ".repeat(Math.max(0, column - page.widthOf(title)) + 2);
  const left = room - page.widthOf(title) - gap.length;
  const unfolded = isUnfolded(page, row);
  const info =
    left > 4 ? cut(page, rowInfo(unfolded ? withoutEcho(row) : row, page.now), left) : "";
  const shown = row.dimmed ? page.paint("dim", title) : title;
  const text = `${indent}${page.paint(COLOURS[row.status], sign)} ${shown}${info === "" ? "" : gap + beside(page, row, info)}`;
  const inner = unfolded ? listLines(page, row.children, depth + 1) : [];
  return [{ text, spare: depth > 0 ? spareOf(row) : "no" }, ...inner];
}

/** An unfolded row leaves to the rows inside what happens there. */
function withoutEcho(row: TaskRow): TaskRow {
  if (row.status === "failed" || row.status === "rejected") return row;
  const { detail: _, ...rest } = row;
  return rest;
}

function spareOf(row: TaskRow): Line["spare"] {
  if (row.dimmed) return "coming";
  return row.status === "done" || row.status === "skipped" ? "over" : "no";
}

function beside(page: Page, row: TaskRow, info: string): string {
  return PLAIN.has(row.status) || row.status === "skipped"
    ? page.paint("dim", info)
    : page.paint(COLOURS[row.status], info);
}

/** In the live view a container shows its inside while it is at work, an item only what matters in it. */
function isUnfolded(page: Page, row: TaskRow): boolean {
  if (row.children.length === 0) return false;
  if (page.show === "all") return true;
  if (row.status === "done" || row.status === "skipped" || row.dimmed) return false;
  if (row.kind === "item" || row.kind === "branch")
    return row.children.length > 1 && row.status === "failed";
  return true;
}

/** Steps to come, side by side, as many lines as it takes. */
function comingLines(page: Page, rows: readonly TaskRow[], depth: number): readonly Line[] {
  const indent = " ".repeat(1 + 2 * depth);
  const sign = rows.every((row) => row.status === "skipped") ? SIGNS.skipped : SIGNS.queued;
  const lines: string[] = [];
  let line = "";
  for (const row of rows) {
    const title = cut(page, printableLine(row.title), Math.max(8, page.width - indent.length - 2));
    const longer = line === "" ? `${indent}${sign} ${title}` : `${line} ${sign} ${title}`;
    if (line !== "" && page.widthOf(longer) > page.width) {
      lines.push(line);
      line = `${indent}${sign} ${title}`;
    } else line = longer;
  }
  if (line !== "") lines.push(line);
  return lines.map((text) => ({
    text: page.paint("dim", text),
    spare: depth > 0 ? "coming" : "no",
  }));
}

/** Leaves lines out until the rest has room, what is finished first, then what is furthest off, and says how many. */
function fitLines(lines: readonly Line[], room: number | undefined): readonly Line[] {
  if (room === undefined || lines.length <= room) return lines;
  const over = indexesOf(lines, "over");
  const toCome = indexesOf(lines, "coming").reverse();
  const gone = new Set([...over, ...toCome].slice(0, lines.length - room + 2));
  const kept: Line[] = [];
  let left = 0;
  lines.forEach((line, index) => {
    if (gone.has(index)) {
      left += 1;
      if (!gone.has(index + 1)) kept.push({ text: `   … ${left} more`, spare: "no" });
      return;
    }
    left = 0;
    kept.push(line);
  });
  return kept.slice(0, room);
}

function indexesOf(lines: readonly Line[], spare: Line["spare"]): number[] {
  return lines.flatMap((line, index) => (line.spare === spare ? [index] : []));
}

function footer(page: Page, run: TaskRow): string {
  const elapsed =
    run.startedAt === undefined ? "" : formatElapsed((run.endedAt ?? page.now) - run.startedAt);
  const parts = [
    run.word,
    elapsed,
    run.tokens > 0 ? formatTokens(run.tokens) : "",
    run.detail ?? "",
  ];
  const text = parts
    .filter((part) => part !== "")
    .map(printableLine)
    .join(" · ");
  return ` ${page.paint(COLOURS[run.status], cut(page, text, page.width - 1))}`;
}

/** Time that it took, or takes; nothing below a second, because it says nothing. */
function elapsedOf(row: TaskRow, now: number): string | undefined {
  if (row.startedAt === undefined || row.dimmed) return undefined;
  const took = (row.endedAt ?? now) - row.startedAt;
  return took < 1000 ? undefined : formatElapsed(took);
}

function cut(page: Page, text: string, width: number): string {
  return cutText(text, width, page.widthOf);
}

/**
 * From lines of workflow files to places in runs and back, and a client's breakpoints as stops.
 * Pure; knows the debug protocol's shapes, no run.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { compileExpression, compileTemplate } from "../../expression/template.ts";
import type { Hits, StopPlace } from "../../run/stops/stop.ts";
import type { FoundSteps, WrittenStep } from "../app.ts";

export type Sources = Extract<FoundSteps, { ok: true }>["files"];

/** Where a place is written. */
export interface Written {
  readonly file: string;
  readonly step: WrittenStep;
}

/** A breakpoint of a client: what it becomes in the run, and what the client is told of it. */
export interface SetBreakpoint {
  readonly told: DebugProtocol.Breakpoint;
  /** Empty when it cannot be set; several where two workflows of a run share a file. */
  readonly places: readonly StopPlace[];
}

/** Where a place is written; undefined when no file has it. */
export function writtenAt(sources: Sources, place: string): Written | undefined {
  for (const { file, steps } of sources) {
    const step = steps.find((each) => each.place === place);
    if (step) return { file, step };
  }
  return undefined;
}

/**
 * What a breakpoint on a line becomes: it moves to the first line of the step around it, or to the next step.
 * @param known whether the run has a place; true when it has not begun
 */
export function setBreakpoint(
  sources: Sources,
  file: string,
  asked: DebugProtocol.SourceBreakpoint,
  id: number,
  known: (place: string) => boolean,
): SetBreakpoint {
  const no = (message: string): SetBreakpoint => ({
    told: { id, verified: false, line: asked.line, message },
    places: [],
  });
  const here = sources.filter((source) => source.file === file);
  if (here.length === 0) return no("The run that is debugged does not lead to this file.");
  const steps = here.flatMap((source) => stepAt(source.steps, asked) ?? []);
  const [first] = steps;
  if (!first) return no("There is no step on this line or after it.");
  const { line, column } = first.range.start;
  const inRun = steps.filter(({ place }) => known(place));
  if (inRun.length === 0)
    return no("The run works on its own copy of the workflow, which has no such step.");
  const read = readDemands(asked);
  if (typeof read === "string") return no(read);
  return {
    told: {
      ...{ id, verified: true, line, source: sourceOf(file) },
      ...(asked.column === undefined ? {} : { column }),
    },
    places: inRun.map(({ place }) => ({ at: place, ...read })),
  };
}

/** Where breakpoints can stand in a file: the starts of its steps, line and column from 1. */
export function breakablePlaces(
  sources: Sources,
  file: string,
): readonly DebugProtocol.BreakpointLocation[] {
  const here = sources.filter((source) => source.file === file);
  return here.flatMap(({ steps }) =>
    steps.map(({ range: { start } }) => ({ line: start.line, column: start.column })),
  );
}

/** A file as a client shows it. */
export function sourceOf(file: string): DebugProtocol.Source {
  return {
    name: file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1),
    path: file,
  };
}

/** The text of a logpoint, in which `{expression}` stands for a value, as a template. */
export function logTemplate(message: string): string {
  return message.replace(/\{\{[\s\S]*?\}\}|\{([^{}]*)\}/g, (whole, expression?: string) =>
    expression === undefined ? whole : `{{ ${expression.trim()} }}`,
  );
}

/** The step that starts on the line, at the column where one is named; else the innermost around it, else the next. */
function stepAt(
  steps: readonly WrittenStep[],
  { line, column }: DebugProtocol.SourceBreakpoint,
): WrittenStep | undefined {
  const on = steps.filter(({ range }) => range.start.line === line);
  const named =
    column === undefined ? undefined : on.findLast(({ range }) => range.start.column <= column);
  // Outer steps come before inner ones.
  const around = steps.findLast(({ range }) => range.start.line <= line && line <= endLine(range));
  return named ?? on[0] ?? around ?? steps.find(({ range }) => range.start.line > line);
}

/** The end of a step is the start of the line after it, where its text ends with that line. */
function endLine({ end }: WrittenStep["range"]): number {
  return end.column === 1 ? end.line - 1 : end.line;
}

function readDemands({
  condition,
  logMessage,
  hitCondition,
}: DebugProtocol.SourceBreakpoint): Omit<StopPlace, "at"> | string {
  const hits = isSaid(hitCondition) ? readHits(hitCondition) : undefined;
  if (hits === null)
    return `The hit count ${hitCondition} is none of 3 (the third time), >= 3 (from then on) and % 3 (every third time).`;
  if (isSaid(condition)) {
    const compiled = compileExpression(condition);
    if (!compiled.ok) return `The condition cannot be read: ${compiled.error.message}`;
  }
  const log = isSaid(logMessage) ? logTemplate(logMessage) : undefined;
  if (log !== undefined) {
    const compiled = compileTemplate(log);
    if (!compiled.ok) return `The message cannot be read: ${compiled.error.message}`;
  }
  return {
    ...(isSaid(condition) ? { condition } : {}),
    ...(log === undefined ? {} : { log }),
    ...(hits === undefined ? {} : { hits }),
  };
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** Null when it is no hit count. */
function readHits(text: string): Hits | null {
  const [, sign = "", digits = ""] = /^\s*(>=|>|==?|%)?\s*(\d{1,9})\s*$/.exec(text) ?? [];
  const n = Number(digits) + (sign === ">" ? 1 : 0);
  if (digits === "" || n === 0) return null;
  const when = sign.startsWith(">") ? "from" : sign === "%" ? "every" : "only";
  return { when, n };
}

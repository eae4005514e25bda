/**
 * What a gate looks at, and whether that is there with no run around it. Pure: reads expressions, evaluates none. Owns the words
 * for what only a run has.
 */
import { type Reference, references } from "../../expression/references.ts";
import { isList, isObject, type Json, own } from "../../util/json.ts";
import { type Gate, isAgentCheck, isCommand } from "../../workflow/definition/gate.ts";
import type { TaskDefinition } from "../../workflow/workflow.ts";
import type { Program } from "../start/program.ts";

/** A gate that cannot be judged alone, and what it lacks: values of a run, or what its step gave. */
export interface Unjudged {
  readonly name: string;
  readonly severity: Gate["severity"];
  readonly needs: "run" | "output";
  /** What it looks at, as `reads item.path`. */
  readonly reason: string;
}

/** A chain that an expression reads. */
export type Read = Pick<Reference, "root" | "path">;

/** What the expressions of a gate read. */
export function readsOf(program: Program, { check }: Gate): readonly Read[] {
  if (typeof check === "string") return readsIn(program.expression(check));
  if (isAgentCheck(check)) return readsOfValue(program, check.criteria);
  return isCommand(check) ? readsOfValue(program, commandOf(check.command)) : [];
}

/** What every template inside a value reads. */
export function readsOfValue(program: Program, value: Json): readonly Read[] {
  if (typeof value === "string") return readsIn(program.template(value));
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return inner.flatMap((one) => readsOfValue(program, one));
}

/** True where only a foreach that goes through items can say what a value is. */
export function readsItem(reads: readonly Read[]): boolean {
  return reads.some(({ root }) => root === "item" || root === "loop");
}

/** What a gate lacks where there is no run; undefined when it can be judged. `known`: what its step gave has been said. */
export function lackOf(
  program: Program,
  gate: Gate,
  { initial_state: fields }: Pick<TaskDefinition, "initial_state">,
  known: boolean,
): Unjudged | undefined {
  const { name, severity } = gate;
  const reads = readsOf(program, gate);
  for (const read of reads) {
    const why = ofRun(program, read, fields);
    if (why !== undefined) return { name, severity, needs: "run", reason: why };
  }
  if (known || !looksAtOutput(gate, reads)) return undefined;
  return { name, severity, needs: "output", reason: "looks at what the step gave" };
}

/** What is to be done about gates that were not judged, a sentence for each kind of lack. */
export function movesFor(unjudged: readonly Unjudged[]): readonly string[] {
  const lacks = new Set(unjudged.map(({ needs }) => needs));
  return [
    ...(lacks.has("output")
      ? ["Say what the step gave: --output FILE, or `output` as a tool."]
      : []),
    ...(lacks.has("run")
      ? ["What only a run has is judged in one: run the workflow, then the gates of its task."]
      : []),
  ];
}

function ofRun(
  program: Program,
  { root, path }: Read,
  fields: TaskDefinition["initial_state"],
): string | undefined {
  const [member] = path;
  const shown = member === undefined ? root : `${root}.${member}`;
  switch (root) {
    case "item":
    case "loop":
    case "task":
      return `reads ${shown}`;
    case "steps":
      return `reads ${shown}, what another step gave`;
    case "run":
      return member === "workflow" ? undefined : `reads ${shown}`;
    case "state": {
      if (typeof member !== "string") return undefined;
      const first = own(fields, member) ?? null;
      if (first === null) return `reads ${shown}, which steps write`;
      return readsItem(readsOfValue(program, first))
        ? `reads ${shown}, made of an item`
        : undefined;
    }
    default:
      return undefined;
  }
}

function looksAtOutput({ check }: Gate, reads: readonly Read[]): boolean {
  const asked = typeof check !== "string" && !isCommand(check);
  return asked || reads.some(({ root }) => root === "output" || root === "files");
}

function readsIn(compiled: ReturnType<Program["template"]>): readonly Read[] {
  return compiled.ok ? references(compiled.template) : [];
}

function commandOf(command: string | readonly string[]): Json {
  return typeof command === "string" ? command : [...command];
}

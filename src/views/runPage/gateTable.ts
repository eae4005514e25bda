/**
 * Every gate of a run as a line of a table: what was asked, what was measured, what came of it, and the evidence.
 * Owns which verdict counts (the last of each task) and where a threshold is read; words of a reason are the judge's.
 */
import type { Recorded } from "../../run/event.ts";
import { ownGates } from "../../run/gate/ownGates.ts";
import { isObject, type Json } from "../../util/json.ts";
import { describeCommand } from "../../util/shellQuote.ts";
import { eachStep } from "../../workflow/definition/eachStep.ts";
import { type Gate, isAgentCheck, isCommand } from "../../workflow/definition/gate.ts";
import type { Bundle, Step } from "../../workflow/workflow.ts";

export interface GateLine {
  /** Of the task that judged it. */
  readonly path: string;
  readonly name: string;
  readonly category?: string;
  readonly status: "PASS" | "WARN" | "FAIL";
  /** Why, in a sentence. */
  readonly reason: string;
  /** What was asked: a command, an expression, a schema. */
  readonly check: string;
  readonly measured?: string;
  readonly threshold?: string;
  readonly exitCode?: number;
  /** The last output of a command. */
  readonly output?: string;
  readonly evidence: Json;
  /** When it was judged, in ms since the epoch. */
  readonly at: number;
  /** How often the same gate of the same task was judged before. */
  readonly before: number;
}

/** The gates in the order in which they were first judged. */
export function gateTable(events: Iterable<Recorded>, bundle: Bundle): readonly GateLine[] {
  const known = definedGates(bundle);
  const lines = new Map<string, GateLine>();
  for (const { at, event } of events) {
    if (event.type !== "gates_judged") continue;
    for (const { name, category, status, reason, evidence } of event.results) {
      const key = `${event.path}\n${name}`;
      const before = lines.get(key);
      lines.set(key, {
        ...{ path: event.path, name, status, reason, evidence, at },
        ...(category === null ? {} : { category }),
        ...shown(evidence, gateOf(known, event.path, name)),
        before: before === undefined ? 0 : before.before + 1,
      });
    }
  }
  return [...lines.values()];
}

type Shown = Pick<GateLine, "check" | "measured" | "threshold" | "exitCode" | "output">;

function shown(evidence: Json, gate: Gate | undefined): Shown {
  const facts = isObject(evidence) ? evidence : {};
  const { command, expression, metric, exit_code: code, output } = facts;
  const expect = gate && isCommand(gate.check) ? thresholdOf(gate.check) : undefined;
  return {
    check: checkText(command ?? expression, gate),
    ...(typeof metric === "string" ? { measured: metric } : {}),
    ...(expect === undefined ? {} : { threshold: expect }),
    ...(typeof code === "number" ? { exitCode: code } : {}),
    ...(typeof output === "string" ? { output } : {}),
  };
}

function thresholdOf({
  expect,
  metric,
  pass,
}: {
  readonly expect?: string;
  readonly metric?: string;
  readonly pass?: number;
}): string {
  return metric === undefined || expect === undefined ? `exit code ${pass ?? 0}` : expect.trim();
}

function checkText(ran: Json | undefined, gate: Gate | undefined): string {
  if (typeof ran === "string") return ran;
  if (Array.isArray(ran)) return describeCommand(ran.map(String));
  if (!gate) return "";
  if (typeof gate.check === "string") return gate.check;
  if (isAgentCheck(gate.check)) return `${gate.check.agent}: ${gate.check.criteria}`;
  return "schema" in gate.check ? "the output fits its schema" : String(gate.check.command);
}

/** The gates of each step's id. */
function definedGates({ workflows }: Bundle): ReadonlyMap<string, readonly Gate[]> {
  const known = new Map<string, readonly Gate[]>();
  for (const workflow of Object.values(workflows)) {
    for (const step of eachStep(workflow.steps)) {
      const gates = gatesOf(step);
      if (gates.length > 0) known.set(step.id, [...(known.get(step.id) ?? []), ...gates]);
    }
  }
  return known;
}

function gatesOf(step: Step): readonly Gate[] {
  return step.kind === "gate" ? step.gates : ownGates(step);
}

/** The definition of a gate: that of the nearest step around the task which judged it. */
function gateOf(
  known: ReadonlyMap<string, readonly Gate[]>,
  path: string,
  name: string,
): Gate | undefined {
  const ids = path
    .split("/")
    .map((segment) => segment.replace(/[#[].*$/, ""))
    .reverse();
  for (const id of ids) {
    const found = known.get(id)?.find((gate) => gate.name === name);
    if (found) return found;
  }
  return undefined;
}

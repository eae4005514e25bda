/** What a foreach expands to: its items, and their names for people. All that can be wrong with them fails it before any item begins. */
import { isList, isObject, type Json } from "../../../util/json.ts";
import type { ForeachStep } from "../../../workflow/definition/controlSteps.ts";
import type { Command } from "../../command.ts";
import { loopOf } from "../../evolve/open.ts";
import { type Failure, failure } from "../../failure.ts";
import { asText, type Evaluated, evaluate, type Moment, type Place, render } from "../scope.ts";
import type { Standing } from "../standing.ts";
import { neededOf } from "./group.ts";
import { isWorkflow, tooDeep } from "./limits.ts";

/** Opens a foreach with the items that its expression gives. */
export function expand(
  moment: Moment,
  { path, frame }: Standing,
  place: Place,
  step: ForeachStep,
): Evaluated<readonly Command[]> {
  const deep = isWorkflow(step.task) && tooDeep(moment.state, frame, step.name ?? step.id);
  if (deep) return wrong(deep);
  const found =
    typeof step.items === "string"
      ? evaluate(moment, place, step.items)
      : render(moment, place, step.items);
  if (!found.ok) return found;
  const items = found.value;
  if (!isList(items)) return wrong(notAList(step, items));
  const needed = neededOf(step.mode) ?? 0;
  if (needed > items.length) return wrong(tooFew(step, needed, items.length));
  const keys = step.key === undefined ? undefined : keysOf(moment, place, step, items);
  if (keys && !keys.ok) return keys;
  const opening = { kind: "foreach", items, ...(keys ? { keys: keys.value } : {}) } as const;
  return { ok: true, value: [{ event: { type: "task_opened", path, opening } }] };
}

function keysOf(
  moment: Moment,
  place: Place,
  step: ForeachStep,
  items: readonly Json[],
): Evaluated<readonly string[]> {
  const { body } = place.frame;
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const loop = loopOf(index, items.length);
    const found = evaluate(moment, { ...place, body: { ...body, item, loop } }, step.key ?? "");
    if (!found.ok) return found;
    const key = asText(found.value);
    const first = seen.get(key);
    if (key === "" || first !== undefined) return wrong(badKey(step, key, index, first));
    seen.set(key, index);
  }
  return { ok: true, value: [...seen.keys()] };
}

function notAList(step: ForeachStep, items: Json): Failure {
  const found = items === null ? "nothing" : isObject(items) ? "an object" : `a ${typeof items}`;
  const message = `items of ${step.id} gave ${found}, not a list. Make the expression give a list.`;
  return failure("invalid_input", message);
}

function tooFew(step: ForeachStep, needed: number, items: number): Failure {
  const count = items === 1 ? "is only one item" : `are only ${items} items`;
  const message = `${step.id} needs ${needed} successes, but there ${count}. Lower the quorum, or give it more items.`;
  return failure("invalid_input", message);
}

function badKey(step: ForeachStep, key: string, index: number, first: number | undefined): Failure {
  const what =
    first === undefined
      ? `gave no name for item ${index}`
      : `gave ${JSON.stringify(key)} for the items ${first} and ${index}`;
  const message = `key of ${step.id} ${what} (counted from 0). Make it name every item differently.`;
  return failure("invalid_input", message);
}

function wrong(failed: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: failed };
}

/** Random loops, jumps and graphs for `generate`: they end, and come to the same whatever the order of things. */
import type { JsonObject } from "../../src/util/json.ts";
import type { Draw } from "./drawing.ts";

export type Steps = JsonObject[];

export interface Making {
  readonly draw: Draw;
  count: number;
  /** Fields that the steps made here may read: written earlier in order. */
  readonly readable: string[];
  readonly list: (length: number, depth: number) => Steps;
  /** A state field of a step's own. */
  readonly field: (id: string) => string;
}

/** A loop with a counter of its own, which some turns leave early. */
export function loop(making: Making, id: string, depth: number): JsonObject {
  const { draw } = making;
  const turns = making.field(`${id}n`);
  const count = { [turns]: `{{ (state.${turns} or 0) + 1 }}` };
  const early: JsonObject = {
    id: `${id}e`,
    type: draw(2) === 0 ? "break" : "continue",
    when: `state.${turns} == ${1 + draw(2)}`,
  };
  return {
    type: "while",
    condition: `(state.${turns} or 0) < ${draw(4)}`,
    steps: [
      { id: `${id}c`, type: "set_state", updates: count },
      ...making.list(1 + draw(2), depth + 1),
      ...(draw(2) === 0
        ? [early]
        : [{ id: `${id}i`, type: "condition", if: "true", then: [early] }]),
      ...making.list(draw(2), 3),
    ],
    output_to: making.field(id),
  };
}

/** Steps that a counter of their own, and a step that goes back, make come again. */
export function again(making: Making, id: string, depth: number): JsonObject {
  const { draw } = making;
  const times = making.field(`${id}n`);
  const back: JsonObject = { id: `${id}g`, type: "goto", target: `${id}c` };
  const when = `state.${times} < ${1 + draw(3)}`;
  return {
    type: "condition",
    if: "true",
    then: [
      { id: `${id}c`, type: "set_state", updates: { [times]: `{{ (state.${times} or 0) + 1 }}` } },
      ...making.list(1 + draw(2), depth + 1),
      draw(2) === 0
        ? { ...back, when }
        : { id: `${id}i`, type: "condition", if: when, then: [back] },
      ...making.list(draw(2), 3),
    ],
  };
}

/** Steps that depend on any of those before them, in an order of the file that says nothing. */
export function graph(making: Making, id: string, depth: number): JsonObject {
  const { draw } = making;
  const steps: JsonObject[] = [];
  for (const step of making.list(2 + draw(4), depth + 1)) {
    const before = steps.filter(() => draw(2) === 0).map((earlier) => earlier.id ?? "");
    const waits = before.length > 0 && draw(3) === 0 ? { blocked_timeout: "1000h" } : {};
    steps.push({ ...step, ...(before.length > 0 ? { depends_on: before } : {}), ...waits });
  }
  // A return ends what is beside it, too: so nothing may be.
  if (depth === 0 && draw(6) === 0)
    steps.push({
      id: `${id}r`,
      type: "return",
      value: "early",
      depends_on: steps.map((step) => step.id ?? ""),
    });
  return {
    type: "graph",
    max_parallel: 1 + draw(4),
    steps: draw(2) === 0 ? steps : steps.toReversed(),
    output_to: making.field(id),
  };
}

/** Success criteria as lines: how many hold, and each with its sign. Owns the words; the facts are in the run's last event. */
import type { Criterion } from "../../run/event.ts";
import { printableLine } from "../printable.ts";
import type { Paint } from "./paint.ts";

/** The lines, none where there are no criteria. */
export function criteriaLines(
  criteria: readonly Criterion[] | undefined,
  paint: Paint,
): readonly string[] {
  if (!criteria || criteria.length === 0) return [];
  const held = criteria.filter((one) => one.held).length;
  return [
    `Success criteria: ${held} of ${criteria.length} hold`,
    ...criteria.map(
      (one) => (one.held ? `  ${paint("green", "✔")} ` : `  ${paint("red", "✖")} `) + said(one),
    ),
  ];
}

function said({ criterion, problem }: Criterion): string {
  const text = printableLine(criterion);
  return problem === undefined ? text : `${text} (${printableLine(problem)})`;
}

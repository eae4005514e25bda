/** A run's gates in words: how many passed, and each that did not with what was measured. Owns that wording. */
import { countOf, type GateVerdict, gateTotals } from "../../run/gate/tally.ts";
import type { RunState } from "../../run/state.ts";

/** What a task's gates came to, in one phrase: "2 of 3 gates, coverage FAIL". */
export function verdictPhrase(verdicts: readonly GateVerdict[]): string {
  const { passed } = countOf(verdicts);
  const others = verdicts.filter(({ status }) => status !== "PASS");
  const total = `${passed} of ${verdicts.length} ${verdicts.length === 1 ? "gate" : "gates"}`;
  return [total, ...others.map(({ name, status }) => `${name} ${status}`)].join(", ");
}

/** The whole run's: the count first, then every gate that did not pass. Empty for a run without gates. */
export function gateLines(state: RunState): readonly string[] {
  const { passed, total, pass_rate } = gateTotals(state);
  if (total === 0) return [];
  const rate = Math.round(pass_rate * 10) / 10;
  const others = [...state.tasks.values()].flatMap(({ path, gates = [] }) =>
    gates
      .filter(({ status }) => status !== "PASS")
      .map(({ name, category, status, reason }) => {
        const about = category === null ? name : `${name} (${category})`;
        return `${status} ${about} in ${path}: ${reason}`;
      }),
  );
  return [`Gates ${passed} of ${total} passed (${rate} %)`, ...others.map((line) => `  ${line}`)];
}

/** What checking a file costs grows with its size, not with the square of it, whatever it is full of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { validateWorkflow } from "../../src/workflow/validate.ts";

const HEAD = "name: x\nversion: 1.0.0\ninitial_state: { a: 1 }\nsteps:\n";
const END = "  - { id: end, type: return, value: 1 }\n";

function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

/** Files full of one thing, by how many of it. */
const FULL_OF: Readonly<Record<string, (count: number) => string>> = {
  "unknown names in one text": (n) =>
    `${HEAD}  - { id: a, type: return, value: "${"{{ x }} ".repeat(n)}" }\n`,
  "unknown state fields in one text": (n) =>
    `${HEAD}  - { id: a, type: return, value: "${"{{ state.b }} ".repeat(n)}" }\n`,
  "unknown filters in one text": (n) =>
    `${HEAD}  - { id: a, type: return, value: "${"{{ 1 | uper }} ".repeat(n)}" }\n`,
  "unknown names in lines of a block": (n) =>
    `${HEAD}  - id: a\n    type: return\n    value: |\n${"      {{ x }}\n".repeat(n)}`,
  "costly constants": (n) =>
    HEAD +
    times(
      n,
      (i) => `  - { id: s${i}, type: wait, duration: 1s, when: "{{ 'x' * 3000000 == 'y' }}" }\n`,
    ),
  "unused tasks": (n) => `${HEAD}${END}tasks:\n${times(n, (i) => `  t${i}: { steps: [] }\n`)}`,
  "steps that never run": (n) => HEAD + END + times(n, (i) => `  - { id: s${i}, type: return }\n`),
  "unordered writes": (n) =>
    `${HEAD}  - id: p\n    type: parallel\n    branches:\n${times(n, (i) => `      - { id: b${i}, steps: [{ id: x${i}, type: set_state, updates: { z: 1 } }] }\n`)}`,
};

/** Milliseconds of this thread's processor time, the best of three. */
function cost(text: string): number {
  const tries = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage();
    validateWorkflow({ fileName: "x.workflow.yaml", text });
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...tries);
}

for (const [what, file] of Object.entries(FULL_OF)) {
  test(`a file full of ${what}`, () => {
    cost(file(50));
    const [small, large] = [cost(file(125)), cost(file(1000))];
    // Eight times as much: the square would be sixty-four times.
    assert.ok(large <= 24 * small + 40, `${small} ms for 125, ${large} ms for 1,000`);
  });
}

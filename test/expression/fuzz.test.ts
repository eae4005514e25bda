/** 5,000 bad sources from seeds: each is an error, soon, at the place of the damage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTemplate } from "../../src/expression/template.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { type Bad, isInside, play } from "./fuzz/fuzz.ts";

const WANTED = 5000;
const ONE = process.env.FERMATA_FUZZ_SEED;
const FIRST = 20_260_101;

test(`${WANTED} bad sources from seed ${FIRST} on: an error each, soon, where the damage is`, (t) => {
  const found: Bad[] = [];
  let seed = ONE === undefined ? FIRST : Number(ONE);
  const last = ONE === undefined ? Number.POSITIVE_INFINITY : seed + 1;
  for (; found.length < WANTED && seed < last; seed++) {
    const bad = playSafely(seed);
    if (bad === undefined) continue;
    found.push(bad);
    const { error, damaged } = bad;
    assert.ok(
      error.start >= 0 && error.start <= error.end && error.end <= damaged.text.length,
      said(bad),
    );
    assert.ok(error.message.length > 10 && error.message.length < 300, said(bad));
  }
  if (ONE !== undefined)
    return t.diagnostic(found.map(said).join("\n") || `seed ${ONE} came out right`);
  const times = found.map(({ ms }) => ms).sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  const worst = times.at(-1) ?? Number.NaN;
  const outside = found.filter(({ inside }) => !inside);
  const share = found.reduce((sum, each) => sum + each.share, 0) / found.length;
  const inside = 1 - outside.length / found.length;
  t.diagnostic(
    `${found.length} bad sources, seeds ${FIRST} to ${seed - 1}: p99 ${p99} ms, longest ${worst} ms, ` +
      `${percent(inside)} at the damaged part, which is ${percent(share)} of the source, ` +
      `${percent(found.filter(({ exactly }) => exactly).length / found.length)} at the changed text alone`,
  );
  assert.ok(p99 <= 50, `p99 ${p99} ms`);
  assert.ok(worst <= 500, `longest ${worst} ms`);
  assert.ok(inside >= 0.95, outside.slice(0, 20).map(said).join("\n"));
  // A place says something only where the part is small.
  assert.ok(share < 0.5, `the parts are ${share} of their sources`);
});

test("the same in a file, from seed to seed: the place is in the damaged part", (t) => {
  let checked = 0;
  let inside = 0;
  const outside: string[] = [];
  for (let seed = FIRST; checked < 500; seed++) {
    const bad = playSafely(seed);
    const text = bad?.damaged.text ?? "";
    // Only what a file can hold on one line, and what is known before it runs.
    if (bad === undefined || compileTemplate(text).ok || !/^[^\n\0\ud800\ufeff]*$/.test(text))
      continue;
    const file = `${WORKFLOW}${text}\n`;
    const { diagnostics } = validateWorkflow({ fileName: "fuzz.workflow.yaml", text: file });
    const first = diagnostics.find(({ code }) => code === "expression");
    assert.ok(first, `${said(bad)}\n${file}`);
    checked += 1;
    if (isInside(text, bad.damaged, first.range.start.offset - WORKFLOW.length)) inside += 1;
    else outside.push(said(bad));
  }
  t.diagnostic(`${percent(inside / checked)} of ${checked}`);
  assert.ok(inside / checked >= 0.95, outside.slice(0, 10).join("\n"));
});

const WORKFLOW = `name: fuzz
version: 1.0.0
inputs: { task: { type: string }, limit: { type: number } }
initial_state: { name: "", title: "", count: 7, ratio: 2.5, ready: true, words: [], numbers: [], tasks: [] }
steps:
  - id: end
    type: return
    value: |
      `;

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** Nothing may be thrown; what is names its seed. */
function playSafely(seed: number): Bad | undefined {
  try {
    return play(seed);
  } catch (error) {
    throw new Error(`FERMATA_FUZZ_SEED=${seed} plays this again`, { cause: error });
  }
}

function said({ seed, damaged, error, inside }: Bad): string {
  const { text, start, end, how } = damaged;
  const part = `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
  return `seed ${seed}, ${how}: ${part}\n  ${inside ? "inside" : "OUTSIDE"} ${error.start}-${error.end}: ${error.message}`;
}

/** When a run counts as at rest: not while more follows by itself, whatever is asked meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { restOf } from "../../src/hosts/cli/follow/rest.ts";
import type { RunState } from "../../src/run/state.ts";
import { answer, scene, start, workflow } from "../integration/harness/product.ts";

const TWO_EACH = workflow(
  "two",
  `
steps:
  - id: each
    type: foreach
    items: "{{ ['a', 'b'] }}"
    steps:
      - { id: ask, type: prompt, input: text, message: "1?" }
      - { id: more, type: prompt, input: text, message: "2?" }
`,
);

/** More steps without an outside effect than one batch holds, beside a question. */
const LONG = workflow(
  "long",
  `
steps:
  - id: both
    type: parallel
    branches:
      - id: a
        steps: [{ id: ask, type: prompt, input: text, message: "now?" }]
      - id: b
        steps:
          - id: each
            type: foreach
            items: "{{ range(300) }}"
            steps: [{ id: value, type: return, value: 1 }]
          - { id: after, type: prompt, input: text, message: "then?" }
`,
);

function asked(state: RunState): readonly string[] {
  return [...state.breakpoints.values()].map(({ path }) => path).sort();
}

test("a run taken up again goes on with what was answered meanwhile, though another question is open", async (t) => {
  const place = await scene(t, { "workflows/two.workflow.yaml": TWO_EACH });
  const before = await place.open();
  const run = await start(before, "two");
  await before.settled(run);
  await before.dispose();
  const lone = await place.open();
  await answer(lone, run, "each[0]/ask", "A");
  await lone.dispose();
  const app = await place.open();
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  const watch = await app.watchRun(run);
  assert.ok(watch);
  assert.equal(
    restOf(watch, () => false),
    undefined,
  );
  assert.deepEqual(asked(await app.settled(run)), ["each[0]/more", "each[1]/ask"]);
  assert.equal(
    restOf(watch, () => false),
    "waiting",
  );
});

test("a question beside more steps than one batch holds is no rest before they are done", async (t) => {
  const place = await scene(t, { "workflows/long.workflow.yaml": LONG });
  const app = await place.open();
  const state = await app.settled(await start(app, "long"));
  assert.deepEqual(asked(state), ["both/a/ask", "both/b/after"]);
});

/** Context through the whole product: files and results reach the agent within its room, and what was saved is told. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { resultOf, scene, start, workflow } from "./harness/product.ts";

const LOG = Array.from({ length: 400 }, (_, n) => `Then I looked at it once more, time ${n}.`);
const STEPS = `
agents: { "@coder": { context_tokens: 300 } }
steps:
  - { id: find, type: set_state, updates: { found: "the key is k-4711" } }
  - id: mend
    type: delegate
    agent: "@coder"
    instructions: Mend it
    context: { files: [log.txt, "src/*.ts"], results: { found: "{{ state.found }}" } }
  - { id: end, type: return, value: { said: "{{ steps.mend.response }}" } }
`;

test("an agent gets files and results within its own room; the journal and the transcript tell what was saved", async (t) => {
  const place = await scene(t, {
    "a.workflow.yaml": workflow("a", `initial_state: { found: null }${STEPS}`),
    "log.txt": [...LOG, "ValueError in store.ts:41"].join("\n"),
    "src/store.ts": "export const store = 1;\n",
  });
  const script = join(place.root, "agent.json");
  const rules = [{ instructions: "store.ts:41", response: "seen" }, { response: "not seen" }];
  await writeFile(script, JSON.stringify({ rules }));
  const app = await place.open({
    settings: { agents: { "@coder": { adapter: "scripted", script } } },
  });
  const run = await start(app, "a.workflow.yaml");
  assert.deepEqual(resultOf(await app.settled(run)), { said: "seen" });
  const events = await app.readEvents(run);
  const told = events.flatMap(({ event }) =>
    event.type === "attempt_completed" && event.context ? [event.context] : [],
  );
  const [use] = told;
  assert.ok(use && use.tokens <= 300 && use.whole > 3000, JSON.stringify(told));
  assert.deepEqual(
    use.parts.map(({ name }) => name),
    ["found", "log.txt", "src/store.ts"],
  );
  assert.equal(use.parts[0]?.tokens, use.parts[0]?.whole);
  const lines = await app.readOutput(run, "mend");
  assert.match(
    JSON.stringify(lines),
    /context: 3 parts of about \d+ tokens, \d+ of them given \(9\d % saved, 1 made shorter\)/,
  );
});

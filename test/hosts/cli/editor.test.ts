/** A plan in the person's editor: what counts as an edit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { editInEditor } from "../../../src/hosts/cli/prompts/editor.ts";

const PLAN = "# Plan\n\n1. Do it";
const edit = (script: string) => editInEditor(PLAN, { ...process.env, VISUAL: script });

test("an editor that only ends the last line has not edited", async () => {
  assert.deepEqual(await edit("true"), { ok: true, text: PLAN });
  assert.deepEqual(await edit(`sed -i.bak -e '$a\\'`), { ok: true, text: PLAN });
});

test("what the editor writes is the plan; one that fails leaves it as it was", async () => {
  assert.deepEqual(await edit("sed -i.bak -e s/it/that/"), {
    ok: true,
    text: "# Plan\n\n1. Do that",
  });
  const failed = await edit("false");
  assert.equal(failed.ok, false);
});

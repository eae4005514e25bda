import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openNoteStore } from "../src/notes/noteStore.js";

test("notes outlive a restart and belong to their owner", async () => {
  const folder = await mkdtemp(join(tmpdir(), "notes-"));
  const file = join(folder, "notes.json");
  const first = await openNoteStore(file, 10);
  await first.add("ada", { text: "one" });
  await first.add("bob", { text: "two" });
  const second = await openNoteStore(file, 10);
  assert.deepEqual(
    second.list("ada").map(({ text }) => text),
    ["one"],
  );
  await assert.rejects(second.remove("ada", 2), /No note 2/);
  await rm(folder, { recursive: true });
});

/** The product in the editor's chat, inside a real extension host: the tools for its agents, and @fermata. */
import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { buildAll } from "../../scripts/build.ts";
import { packageExtension } from "../../scripts/packageExtension.ts";
import { runInExtensionHost } from "./harness/extensionHost.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

before(async () => {
  // The test command has built it; alone it is built now.
  if (process.env.FERMATA_VSIX === undefined) await buildAll();
});

test("the editor knows the tools, loads what answers at the first call, and confirms a start", async () => {
  const logged = await runInExtensionHost(join(FIXTURES, "extension-host", "chatTools.cjs"));
  const asked = logged.filter((line) => line.includes("Dialog requested during smoke test"));
  assert.equal(asked.length, 1, "a start is confirmed, looking is not");
});

test("a line to @fermata in the chat starts a workflow and tells what becomes of it", async (t) => {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fc-"));
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const model = join(scratch, "model.vsix");
  await packageExtension(join(FIXTURES, "chat-model"), model);
  await runInExtensionHost(join(FIXTURES, "extension-host", "chatParticipant.cjs"), {
    vsix: [model],
    settings: { "chat.disableAIFeatures": false },
    screenshot: "chat-participant",
  });
});

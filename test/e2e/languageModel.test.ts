/** A language model that an extension brings to a real editor, as an agent of a workflow. */
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

test("a step is answered by a language model of the editor, with its own count of tokens", async (t) => {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fl-"));
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const model = join(scratch, "model.vsix");
  await packageExtension(join(FIXTURES, "language-model"), model);
  const agent = { adapter: "vscode-lm", vendor: "fermata-echo", model: "echo", timeout: "60s" };
  await runInExtensionHost(join(FIXTURES, "extension-host", "languageModel.cjs"), {
    vsix: [model],
    settings: { "chat.disableAIFeatures": false, "fermata.agents": { "@task": agent } },
  });
});

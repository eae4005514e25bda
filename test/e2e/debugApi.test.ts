/** The debugger and the language's providers through the editor's own API, inside the extension host. */
import { join } from "node:path";
import { before, test } from "node:test";
import { buildAll } from "../../scripts/build.ts";
import { runInExtensionHost } from "./harness/extensionHost.ts";

const MODULE = join(import.meta.dirname, "fixtures", "extension-host", "debugging.cjs");

before(async () => {
  // The test command has built it; alone it is built now.
  if (process.env.FERMATA_VSIX === undefined) await buildAll();
});

test("a workflow is debugged, and its file answered for, through the editor's API", async () => {
  await runInExtensionHost(MODULE, { screenshot: "debug-api" });
});

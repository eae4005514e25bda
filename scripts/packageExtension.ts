/**
 * Packs an extension's folder as a `.vsix`, as it would be published. Knows vsce's words; not what is inside.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { runTool } from "./command.ts";

/** Packs `folder` into `file` (both absolute). Throws with vsce's output when it refuses. */
export async function packageExtension(folder: string, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const args = [
    ...["package", "--no-dependencies", "--allow-missing-repository", "--skip-license"],
    "--no-rewrite-relative-links",
  ];
  const result = await runTool("vsce", [...args, "--out", file], folder);
  if (result.code !== 0) {
    throw new Error(`packing ${folder} failed:\n${result.output}`);
  }
}

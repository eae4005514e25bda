/**
 * Builds the product and packs it as the extension that users install.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { buildAll } from "./build.ts";
import { packageExtension } from "./packageExtension.ts";

/** Builds all bundles and writes the `.vsix` to `file` (absolute). Answers what happened, one line each. */
export async function packageProduct(file: string): Promise<readonly string[]> {
  const lines = await buildAll();
  if (!existsSync(join(ROOT, "dist", "extension.cjs"))) {
    return [...lines, "no package: there is no extension yet"];
  }
  await packageExtension(ROOT, file);
  return [...lines, `packed ${file}`];
}

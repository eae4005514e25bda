/**
 * Builds the product and packs it as the extension that users install.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { buildAll } from "./build.ts";
import { packageExtension } from "./packageExtension.ts";

/** What a person waits for when installing. */
const MOST_BYTES = 3_000_000;

/** Builds all bundles and writes the `.vsix` to `file` (absolute). Answers what happened, one line each. */
export async function packageProduct(file: string): Promise<readonly string[]> {
  const lines = await buildAll();
  if (!existsSync(join(ROOT, "dist", "extension.cjs"))) {
    return [...lines, "no package: there is no extension yet"];
  }
  await packageExtension(ROOT, file);
  const { size } = statSync(file);
  if (size > MOST_BYTES)
    throw new Error(
      `${file} has ${size} bytes, ${MOST_BYTES} at most: look for what a bundle took in that it need not`,
    );
  return [...lines, `packed ${file}: ${Math.round(size / 1000)} KB`];
}

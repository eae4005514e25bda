/**
 * `npm run package [FILE]`: builds and packs the extension, `fermata-VERSION.vsix` in the root unless told.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { packageProduct } from "./packageProduct.ts";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const file = resolve(ROOT, process.argv[2] ?? `fermata-${version}.vsix`);
try {
  for (const line of await packageProduct(file)) {
    console.log(line);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

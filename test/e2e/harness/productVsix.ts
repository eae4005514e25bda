/**
 * The product's own package for browser tests: the one that `npm test` made, or one made now.
 */
import { join } from "node:path";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import { packageProduct } from "../../../scripts/packageProduct.ts";

/** The absolute path of a `.vsix` of the sources as they are. Outside `npm test` each call builds one. */
export async function productVsix(): Promise<string> {
  if (process.env.FERMATA_VSIX) {
    return process.env.FERMATA_VSIX;
  }
  const file = join(ROOT, ".cache", "test", `fermata-${process.pid}.vsix`);
  await packageProduct(file);
  return file;
}

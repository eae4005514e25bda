/**
 * The notices of what is bundled: every package whose code is in a bundle, its licence and the licence's text.
 * Owns the list and its order; a package without a licence fails the build.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";

/** The text of the notices for bundled files (paths relative to the root). Throws when a licence is missing. */
export function thirdPartyNotices(files: Iterable<string>): string {
  const packages = new Set([...files].flatMap((file) => packageOf(file) ?? []));
  const parts = [...packages].sort().map(noticeOf);
  const head = "Fermata contains code of these packages.\n";
  return [head, ...parts].join(`\n${"-".repeat(78)}\n\n`);
}

/** The folder of the package that a file belongs to. */
function packageOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  const { name, version, license } = manifest;
  if (typeof license !== "string") throw new Error(`${name} ${version} names no licence`);
  return `${name} ${version} (${license})\n\n${licenceText(folder) ?? `See ${license}.\n`}`;
}

function licenceText(folder: string): string | undefined {
  const found = readdirSync(join(ROOT, folder)).find((name) => /^(licen[sc]e|copying)/i.test(name));
  const file = found && join(ROOT, folder, found);
  return file && existsSync(file) ? `${readFileSync(file, "utf8").trim()}\n` : undefined;
}

/**
 * Reads the repository's own text files: what a person wrote, not what a tool installed or built.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "./houseRules.ts";

const SKIPPED = new Set([".git", ".cache", "node_modules", "dist", "test-results"]);
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|ttf|vsix|zip|wasm)$/;

/** Every text file under `root`, sorted by path, paths relative with `/`. */
export function readSourceFiles(root: string): readonly SourceFile[] {
  return listFiles(root, "").map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
}

function listFiles(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name) && !BINARY.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(root, path) : entry.isFile() ? [path] : [];
    });
}

/**
 * The texts of the editor's own surfaces: gathers what `vscode.l10n.t` is called with into `l10n/bundle.l10n.json`, and finds
 * texts that a person sees and that bypass it. Run as a program it writes the bundle.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import type { SourceFile } from "./houseRules.ts";
import { readSourceFiles } from "./sourceFiles.ts";

/** Where the texts are, and the bundle. */
export const BUNDLE = join(ROOT, "l10n", "bundle.l10n.json");
const HOST = join(ROOT, "src", "hosts", "vscode");

const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/;
/** `vscode.l10n.t`, and the `t` that parts without the editor are handed. */
const CALL = new RegExp(`(?<!\\w)((?:[\\w.]+\\.)?)t\\(\\s*(${TEXT.source})?`, "g");
/** The one place that hands it to them. */
const BRIDGE = "chat/platform.ts";

/** Where the editor shows a text as it is handed over. */
const SHOWN = new RegExp(
  [
    `\\b(?:title|tooltip|prompt|placeholder|placeHolder|label|description|detail|openLabel|saveLabel|done)(?::|\\s=)\\s*(${TEXT.source})`,
    `\\btell\\(\\s*"\\w+",\\s*(${TEXT.source})`,
    `\\bshow(?:Information|Warning|Error)Message\\(\\s*(${TEXT.source})`,
    `\\bnew vscode\\.(?:TreeItem|MarkdownString)\\(\\s*(${TEXT.source})`,
    `\\bsetStatusBarMessage\\(\\s*(${TEXT.source})`,
  ].join("|"),
  "g",
);

export interface FoundTexts {
  /** Each text once, in the order of the alphabet. */
  readonly texts: readonly string[];
  /** `file:line: what is wrong`. */
  readonly problems: readonly string[];
}

/** Reads every source of the editor's host. */
export function readTexts(): FoundTexts {
  const files = readSourceFiles(HOST).filter(({ path }) => path.endsWith(".ts"));
  const found = files.map(textsOf);
  const texts = [...new Set(found.flatMap(({ texts: some }) => some))].sort();
  return { texts, problems: found.flatMap(({ problems }) => problems) };
}

/** The bundle's text: each entry is its own translation, as the editor's tools want it. */
export function bundleText(texts: readonly string[]): string {
  return `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`;
}

/** The texts of one file, and those that bypass the translation. */
export function textsOf({ path, text }: SourceFile): FoundTexts {
  const at = (index: number) => `${path}:${text.slice(0, index).split("\n").length}`;
  const calls = [...text.matchAll(CALL)];
  const unknown = calls.filter(
    ([, of, literal]) => literal === undefined && of === "vscode.l10n." && path !== BRIDGE,
  );
  const bare = [...text.matchAll(SHOWN)].filter((match) => isWords(firstOf(match.slice(1))));
  return {
    texts: calls.flatMap(([, , literal]) => (literal === undefined ? [] : [unquoted(literal)])),
    problems: [
      ...unknown.map(
        ({ index }) => `${at(index)}: l10n.t takes a literal, or nobody can translate it`,
      ),
      ...bare.map(({ index }) => `${at(index)}: a text that people see; put it into vscode.l10n.t`),
    ],
  };
}

function firstOf(groups: readonly (string | undefined)[]): string {
  return unquoted(groups.find((group) => group !== undefined) ?? '""');
}

/** Names, ids and patterns are no words. */
function isWords(text: string): boolean {
  return (
    /[a-z]{2,} [a-z]|^[A-Z][a-z]+( |$)/i.test(text) &&
    /[A-Z ]/.test(text) &&
    !/^[\w.-]+:\S/.test(text)
  );
}

/** Quotes of either kind are JSON's once they are double. */
function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  const json = literal.startsWith("'")
    ? inner.replaceAll("\\'", "'").replaceAll('"', '\\"')
    : inner;
  return JSON.parse(`"${json}"`);
}

if (import.meta.main) {
  mkdirSync(join(ROOT, "l10n"), { recursive: true });
  writeFileSync(BUNDLE, bundleText(readTexts().texts));
}

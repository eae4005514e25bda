/**
 * Sentences of the design and of the language, each beside the case that shows it. The tables are the proof that none is
 * forgotten; a case that is renamed has to be found again here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GATES } from "./sentences/gates.ts";
import { SUPERVISION } from "./sentences/supervision.ts";
import { TIME } from "./sentences/time.ts";

const TABLES = { time: TIME, supervision: SUPERVISION, gates: GATES };

for (const [table, sentences] of Object.entries(TABLES)) {
  for (const [sentence, file, shown] of sentences) {
    test(`${table}: ${sentence}`, () => {
      const names = namesIn(file);
      assert.ok(
        names.some((name) => name.startsWith(shown)),
        `${file} has no "${shown}"`,
      );
    });
  }
}

/** The names of the cases or tests in a file. */
function namesIn(file: string): readonly string[] {
  const isTest = file.endsWith(".test.ts");
  const path = isTest ? `../${file}` : `./cases/${file}.yaml`;
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  const pattern = isTest ? /\btest\(\s*["`](.*?)["`],/g : /^case: (.*)$/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  compileTemplate,
  type EvalContext,
  type EvalResult,
  renderTemplate,
} from "../../src/expression/template.ts";
import type { Json } from "../../src/util/json.ts";

/** A case of the corpus: what Python's Jinja2 answers, and, where we differ on purpose, what we answer. */
interface Case extends Answer {
  readonly source: string;
  readonly ours?: Answer;
  readonly why?: string;
}

interface Answer {
  readonly text?: string;
  readonly value?: Json;
  readonly undefined?: true;
  readonly error?: string;
}

const FOLDER = new URL("corpus/", import.meta.url);

const context: EvalContext = {
  roots: JSON.parse(read("context.json")),
  at: Date.UTC(2024, 1, 29, 13, 4, 5, 678),
  random: () => 0.5,
  env: () => undefined,
  lenient: false,
};

for (const file of readdirSync(FOLDER)) {
  if (!file.endsWith(".jsonl")) continue;
  const cases = readCases(file);
  test(`agrees with Jinja2 on the ${cases.length} cases of ${file}`, () => {
    for (const each of cases) {
      const { source, ours, why, ...theirs } = each;
      const mine = answer(source);
      assert.deepEqual(comparable(mine, ours ?? theirs), comparable(ours ?? theirs), source);
      if (ours === undefined) continue;
      assert.ok(why, `say why ours differs: ${source}`);
      assert.notDeepEqual(comparable(theirs), comparable(ours), `no difference: ${source}`);
    }
  });
}

function answer(source: string): Answer {
  const result = render(source);
  if (!result.ok) return { error: result.error.message };
  const printed = render(`${source.replace(/\n$/, "")}{##}`);
  const text = printed.ok ? { text: String(printed.value) } : { error: printed.error.message };
  return {
    ...text,
    ...(result.value === undefined ? { undefined: true } : { value: result.value }),
  };
}

function render(source: string): EvalResult {
  const compiled = compileTemplate(source);
  return compiled.ok ? renderTemplate(compiled.template, context) : compiled;
}

/** Which error it is does not matter; a template's value is its text. */
function comparable(answer: Answer, expected: Answer = answer): Answer {
  if (answer.error !== undefined) return { error: "" };
  const { value, ...rest } = answer;
  return expected.value === undefined
    ? rest
    : { ...rest, ...(value === undefined ? {} : { value }) };
}

function readCases(file: string): readonly Case[] {
  return read(file)
    .trim()
    .split("\n")
    .map((line): Case => JSON.parse(line));
}

function read(file: string): string {
  return readFileSync(new URL(file, FOLDER), "utf8");
}

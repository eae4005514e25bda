/** The corpus that Python's Jinja2 answered (`corpus/make.py`), and our answers to it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  compileTemplate,
  type EvalContext,
  type EvalResult,
  renderTemplate,
} from "../../src/expression/template.ts";
import type { Json } from "../../src/util/json.ts";

/** What Jinja2 answers, and, where we differ on purpose, what we answer. */
export interface Case extends Answer {
  readonly source: string;
  /** The chapter of the documentation that tells of the difference. */
  readonly about?: string;
  readonly why?: string;
  readonly ours?: Answer;
}

export interface Answer {
  readonly text?: string;
  readonly value?: Json;
  readonly undefined?: true;
  readonly error?: string;
}

export const CORPUS = new URL("corpus/", import.meta.url);

const context: EvalContext = {
  roots: JSON.parse(readFileSync(new URL("context.json", CORPUS), "utf8")),
  at: Date.UTC(2024, 1, 29, 13, 4, 5, 678),
  random: () => 0.5,
  env: () => undefined,
  lenient: false,
};

/** Names of the corpus' files. */
export function corpusFiles(): readonly string[] {
  return readdirSync(CORPUS).filter((file) => file.endsWith(".jsonl"));
}

export function readCases(file: string): readonly Case[] {
  const lines = readFileSync(new URL(file, CORPUS), "utf8").trim().split("\n");
  return lines.map((line): Case => JSON.parse(line));
}

/** Writes cases as Python does, so that either side leaves the other's lines alone. */
export function writeCases(file: string, cases: readonly Case[]): void {
  const lines = cases.map((each) => `${pythonJson(each)}\n`);
  writeFileSync(new URL(file, CORPUS), lines.join(""));
}

/** What we make of a source: its text, and the value of a single expression. */
export function answerTo(source: string): Answer {
  const result = render(source);
  if (!result.ok) return { error: "" };
  const printed = render(`${source.replace(/(?:\r\n|\r|\n)$/, "")}{##}`);
  const text = printed.ok ? { text: String(printed.value) } : { error: "" };
  return {
    ...text,
    ...(result.value === undefined ? { undefined: true } : { value: result.value }),
  };
}

/** Which error it is does not matter; a template's value is its text. */
export function comparable(answer: Answer, expected: Answer = answer): Answer {
  if (answer.error !== undefined) return { error: "" };
  const { value, ...rest } = answer;
  return expected.value === undefined
    ? rest
    : { ...rest, ...(value === undefined ? {} : { value }) };
}

function render(source: string): EvalResult {
  const compiled = compileTemplate(source);
  return compiled.ok ? renderTemplate(compiled.template, context) : compiled;
}

function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(
    ([key, part]) => `${JSON.stringify(key)}: ${pythonJson(part)}`,
  );
  return `{${parts.join(", ")}}`;
}

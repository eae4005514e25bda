import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isPair, isScalar, parseDocument, visit } from "yaml";
import { seededRandom } from "../../src/expression/random.ts";
import type { Diagnostic } from "../../src/workflow/diagnostic.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { seedFiles } from "./seeds.ts";

const SHIPPED = ["interactive-planning.workflow.yaml", "research-question.workflow.yaml"];
const FOLDER = new URL("../../workflows/", import.meta.url);
const files = new Map([
  ...SHIPPED.map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")] as const),
  ...seedFiles(),
]);

/** Mappings whose keys are a person's own names. */
const FREE = [
  "inputs",
  "initial_state",
  "updates",
  "parameters",
  "output_schema",
  "value",
  "tasks",
  "phases",
];

const TAKES_ANY_LIST = new Set(["default", "items", "options"]);

interface KnownKey {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Of the value, when it is a scalar on the line of its key. */
  readonly value?: readonly [number, number];
}

/** Keys of the language in a file, those inside a person's own structures left out. */
function knownKeys(text: string): KnownKey[] {
  const keys: KnownKey[] = [];
  visit(parseDocument(text, { uniqueKeys: false }), {
    Pair: (_, { key, value }, around) => {
      const names = around.flatMap((node) =>
        isPair(node) && isScalar(node.key) ? [String(node.key.value)] : [],
      );
      const inDefinition = names.length === 2 && names[0] === "inputs";
      if (names.some((name) => FREE.includes(name)) && !inDefinition) return;
      if (!isScalar(key) || !key.range) return;
      const inline =
        isScalar(value) &&
        value.range &&
        !text.slice(value.range[0], value.range[1]).includes("\n");
      const [start, end] = key.range;
      const name = String(key.value);
      keys.push(
        inline && value.range
          ? { name, start, end, value: [value.range[0], value.range[1]] }
          : { name, start, end },
      );
    },
  });
  return keys;
}

function everySecond<T>(list: readonly T[]): T[] {
  return list.filter((_, index) => index % 2 === 0);
}

function diagnose(fileName: string, text: string): readonly Diagnostic[] {
  const { diagnostics } = validateWorkflow({ fileName, text });
  const own = diagnostics.filter((diagnostic) => diagnostic.fileName === fileName);
  for (const { range, message } of own) {
    assert.ok(range.start.offset >= 0 && range.end.offset <= text.length, message);
    assert.ok(range.start.offset <= range.end.offset && range.start.line >= 1, message);
  }
  return own;
}

test("a mistyped key is found where it stands", () => {
  let tried = 0;
  for (const [fileName, text] of files) {
    for (const { name, start, end } of everySecond(knownKeys(text))) {
      const mutated = `${text.slice(0, start)}${name}_z${text.slice(end)}`;
      const errors = diagnose(fileName, mutated).filter(({ severity }) => severity === "error");
      // Nothing is known of the keys of a step without its type, so its beginning is named, or a legacy prompt's
      // second type.
      const found = errors.some(({ code, range }) =>
        name === "type"
          ? ["missing-key", "unknown-step", "unknown-key"].includes(code)
          : code === "unknown-key" && range.start.offset === start,
      );
      assert.ok(found, `${fileName} offset ${start}: ${name}`);
      tried++;
    }
  }
  assert.ok(tried > 100, `${tried}`);
});

test("a value of the wrong kind is found where it stands", () => {
  let tried = 0;
  for (const [fileName, text] of files) {
    for (const { name, start, value } of everySecond(knownKeys(text))) {
      if (!value || TAKES_ANY_LIST.has(name)) continue;
      const wrong = "[[1], {a: 2}]";
      const mutated = text.slice(0, value[0]) + wrong + text.slice(value[1]);
      const found = diagnose(fileName, mutated).some(
        ({ severity, range }) =>
          severity === "error" &&
          range.start.offset >= start &&
          range.end.offset <= value[0] + wrong.length,
      );
      assert.ok(found, `${fileName} offset ${start}: ${name}`);
      tried++;
    }
  }
  assert.ok(tried > 60, `${tried}`);
});

test("damaged text never throws, and every range lies in the text", () => {
  const random = seededRandom("mutations", "text", 1);
  const pick = (count: number) => Math.floor(random() * count);
  const pieces = [
    "",
    " ",
    "\n",
    "\t",
    ":",
    "- ",
    "{{",
    "}}",
    "{%",
    "|",
    "&a ",
    "*a",
    "!!x ",
    '"',
    "'",
    "[",
    "}",
    "\0",
    "#",
    "é😀",
  ];
  for (const [fileName, text] of files) {
    for (let round = 0; round < 40; round++) {
      let mutated = text;
      for (let times = 0; times <= pick(3); times++) {
        const at = pick(mutated.length);
        const piece = pieces[pick(pieces.length)] ?? "";
        mutated = mutated.slice(0, at) + piece + mutated.slice(at + pick(12));
      }
      try {
        diagnose(fileName, mutated);
      } catch (cause) {
        assert.fail(`${fileName} round ${round}: ${String(cause)}\n${mutated}`);
      }
    }
  }
});

test("a workflow of 22 steps is parsed and checked within 30 ms", () => {
  const step = (index: number) => `
  - id: step-${index}
    type: delegate
    needs_state: [a]
    instructions: |
      Work on {{ inputs.task }} with {{ state.a | tojson(indent=2) }}
      and {{ ${index === 0 ? "run.id" : `steps.step_${index - 1}`} }}
    output_to: a`;
  const text = `name: many
version: 1.0.0
inputs: { task: { type: string } }
steps:${Array.from({ length: 22 }, (_, index) => step(index)).join("")}
`;
  // The processor's time: other programs of a busy machine take none of it.
  const times = Array.from({ length: 9 }, () => {
    const started = process.cpuUsage();
    assert.deepEqual(diagnose("many.workflow.yaml", text), []);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  const median = times.sort((a, b) => a - b)[4] ?? Number.POSITIVE_INFINITY;
  assert.ok(median <= 30, `${median} ms`);
});

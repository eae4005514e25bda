/** Small texts of the terminal: comments as typed, tables, excerpts of files, values. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EXIT_MEANINGS } from "../../../src/hosts/cli/exitCode.ts";
import { EXAMPLES } from "../../../src/hosts/cli/help.ts";
import { createProgram } from "../../../src/hosts/cli/program.ts";
import { diagnosticText } from "../../../src/hosts/cli/screen/diagnosticText.ts";
import { tableLines } from "../../../src/hosts/cli/screen/table.ts";
import { valueText } from "../../../src/hosts/cli/screen/valueText.ts";
import { readComments } from "../../../src/hosts/cli/session/comments.ts";
import { QUERY_FIELDS } from "../../../src/run/history/query.ts";
import { createPaint } from "../../../src/views/plain/paint.ts";

test("the help of every command has an example that this program would take", () => {
  const ports = {
    name: "fermata",
    version: "1.0.0",
    end: () => undefined,
    serveMcp: async () => undefined,
  };
  const { commands } = createProgram(ports);
  const known = new Set(commands.map((command) => command.name()));
  for (const name of known) {
    const text = EXAMPLES[name]?.("fermata") ?? "";
    const calls = [...text.matchAll(/^ {2}(?:cd "\$\(|tail -f "\$\()?fermata (\w+)(.*)$/gm)];
    assert.ok(name === "mcp" || calls.some(([, called]) => called === name), name);
    for (const [line, called = "", rest = ""] of calls) {
      const command = commands.find((one) => one.name() === called) ?? assert.fail(line);
      const options = [...command.options, ...ALWAYS].map((option) => option.long);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) assert.ok(options.includes(option), line);
    }
  }
  assert.deepEqual(
    Object.keys(EXAMPLES).filter((name) => !known.has(name)),
    [],
  );
});

const ALWAYS = [{ long: "--workspace" }, { long: "--trust" }, { long: "--json" }];

test("comments name their lines", () => {
  assert.deepEqual(readComments("12: too vague\n  and too long\n\n30:unclear"), [
    { line: 12, text: "too vague\nand too long" },
    { line: 30, text: "unclear" },
  ]);
  assert.deepEqual(readComments("make it shorter"), [{ line: 1, text: "make it shorter" }]);
  assert.deepEqual(readComments("3-5: as one\n7 - 2: why"), [
    { line: 3, end_line: 5, text: "as one" },
    { line: 7, text: "why" },
  ]);
  assert.deepEqual(readComments("  \n"), []);
  assert.deepEqual(readComments("7: name the limit\nadd a rollout step\nand who does it"), [
    { line: 7, text: "name the limit" },
    { line: 1, text: "add a rollout step\nand who does it" },
  ]);
});

test("columns line up, wide characters too, and the last is cut", () => {
  assert.deepEqual(
    tableLines(
      [
        ["a", "漢字", "first"],
        ["bbb", "x", "the second one"],
      ],
      20,
    ),
    ["a    漢字  first", "bbb  x     the secon…"],
  );
});

test("the line of a file is shown with the spot marked", () => {
  const folder = mkdtempSync(join(tmpdir(), "fermata-diagnostic-"));
  try {
    const fileName = join(folder, "a.workflow.yaml");
    writeFileSync(fileName, "name: 漢字 \u001b[31mx\nsteps: []\n");
    const start = { line: 1, column: 7, offset: 6 };
    const end = { line: 1, column: 9, offset: 8 };
    const diagnostic = {
      severity: "error" as const,
      code: "name",
      message: "This is no name.",
      range: { start, end },
      expected: "lower-case letters",
      suggestion: "kanji",
      fileName,
    };
    assert.deepEqual(diagnosticText(diagnostic, createPaint(false), folder), [
      "a.workflow.yaml:1:7: error: This is no name. [name]",
      "  1 | name: 漢字 ␛[31mx",
      "    |       ^^^^",
      "  Expected lower-case letters. Did you mean `kanji`?",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("values are short for people", () => {
  assert.deepEqual(valueText({ plan: "# One\ntwo\nthree", ok: true, n: null }), [
    "plan  # One (3 lines)",
    "ok    true",
    "n     null",
  ]);
  assert.deepEqual(valueText("two\nlines\u0007\n"), ["two", "lines␇"]);
  assert.deepEqual(valueText(null), []);
  assert.deepEqual(valueText([1, true]), ["[1,true]"]);
  assert.equal(valueText(Array.from({ length: 1000 }, () => "long"))[0]?.length, 120);
});

test("the documentation has the fields of a question over runs", () => {
  const documented = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
  for (const [field, meaning] of QUERY_FIELDS)
    assert.ok(documented.includes(`| \`${field}\` | ${meaning} |`), field);
});

test("the documentation has the numbers that this program ends with", () => {
  const documented = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
  for (const [code, meaning] of EXIT_MEANINGS) {
    assert.match(
      documented.toLowerCase(),
      new RegExp(`^\\| ${code} \\| ${meaning.toLowerCase()} \\|$`, "m"),
    );
  }
});

/** Every fix that a case proposes mends what it is for, and nothing else breaks. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { settingProblems } from "../../src/agents/agentSettings.ts";
import type { FileDiagnostic } from "../../src/workflow/diagnostic.ts";
import { applyEdits, compatibleFixes } from "../../src/workflow/edit.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { loadFrom } from "./seeds.ts";

const FOLDER = new URL("./cases/", import.meta.url);
const LOOKUPS = {
  agents: ["@task", "code-standards-reviewer"],
  agentSettings: settingProblems,
  servers: ["memory", "web", "outside"],
  tools: ["memory.save", "memory.add", "web.search"],
};
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const files = new Map(names.map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]));

function diagnose(name: string, text: string): readonly FileDiagnostic[] {
  const load = loadFrom(new Map(files).set(name, text));
  const { diagnostics } = validateWorkflow({ fileName: name, text, load, lookups: LOOKUPS });
  return diagnostics.filter(({ fileName }) => fileName === name);
}

/** Messages with how often they are there; lines and lists of names are no part of what a message is about. */
function counted(diagnostics: readonly FileDiagnostic[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code, message } of diagnostics) {
    const key = `${code}: ${message.replace(/\(?(?:on )?line \d+\)?/g, "")}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

for (const [name, text] of files) {
  const before = diagnose(name, text);
  test(`fixes of ${name}`, () => {
    for (const { code, message, fix, range } of before) {
      if (fix === undefined) continue;
      const fixed = applyEdits(text, fix.edits);
      const after = diagnose(name, fixed);
      const mended = counted(before).get(keyOf(code, message)) ?? 0;
      const left = counted(after).get(keyOf(code, message)) ?? 0;
      const what = `line ${range.start.line}: ${fix.title}\n${message}\n${fixed}`;
      assert.ok(left < mended, `not mended: ${what}`);
      const broken = after.find((each) => each.code === "yaml");
      assert.equal(broken, undefined, `no longer YAML: ${what}`);
    }
  });

  test(`all fixes of ${name}, round after round, come to an end`, () => {
    let now = text;
    for (let round = 0; round < 20; round++) {
      const fixes = compatibleFixes(diagnose(name, now).flatMap(({ fix }) => fix ?? []));
      if (fixes.length === 0) break;
      now = applyEdits(
        now,
        fixes.flatMap(({ edits }) => edits),
      );
    }
    const left = diagnose(name, now);
    assert.deepEqual(
      left.filter(({ fix }) => fix !== undefined),
      [],
      now,
    );
    assert.ok(left.length <= before.length, now);
  });
}

function keyOf(code: string, message: string): string {
  return [...counted([{ code, message } as FileDiagnostic]).keys()][0] ?? "";
}

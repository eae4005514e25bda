/** Every file in `cases` with the diagnostics that it must give; `FERMATA_ACCEPT=1` writes what it gives now. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { settingProblems } from "../../src/agents/agentSettings.ts";
import { type FileDiagnostic, formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { loadFrom } from "./seeds.ts";

const FOLDER = new URL("./cases/", import.meta.url);
const LOOKUPS = {
  agents: ["@task", "code-standards-reviewer"],
  agentSettings: settingProblems,
  servers: ["memory", "web", "outside"],
  tools: ["memory.save", "memory.add", "web.search"],
  workers: ["florida"],
};

const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const files = new Map(names.map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]));

/** A fix under its diagnostic: what it does, and the text before and after. */
function fixText(text: string, name: string, { fix, fileName }: FileDiagnostic): string {
  if (fix === undefined || fileName !== name) return "";
  const edits = fix.edits.map(({ start, end, text: by }) => {
    const line = text.slice(0, start).split("\n");
    const place = `${line.length}:${(line.at(-1) ?? "").length + 1}`;
    return `${place} ${cut(JSON.stringify(text.slice(start, end)))} -> ${JSON.stringify(by)}`;
  });
  return `\n    fix: ${fix.title}: ${edits.join("; ")}`;
}

function cut(text: string): string {
  return text.length > 70 ? `${text.slice(0, 70)}…` : text;
}

/** Compares with the expected text beside the case, or writes it. */
function check(name: string, found: string): void {
  const expected = new URL(name.replace(/\.yaml$/, ".txt"), FOLDER);
  if (process.env.FERMATA_ACCEPT === "1") writeFileSync(expected, found);
  assert.ok(
    existsSync(expected),
    `no expectation for ${name}: look at this, then run with FERMATA_ACCEPT=1\n${found}`,
  );
  assert.equal(found, readFileSync(expected, "utf8"));
}

for (const [name, text] of files) {
  test(`case ${name}`, () => {
    const { diagnostics, bundle } = validateWorkflow({
      fileName: name,
      text,
      load: loadFrom(files),
      lookups: LOOKUPS,
    });
    const verdict = bundle ? "may run" : "may not run";
    const shown = diagnostics.map((each) => formatDiagnostic(each) + fixText(text, name, each));
    check(name, [...shown, verdict, ""].join("\n"));
  });
}

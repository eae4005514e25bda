/** Every file in `cases` with the diagnostics that it must give; `FERMATA_ACCEPT=1` writes what it gives now. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { loadFrom } from "./seeds.ts";

const FOLDER = new URL("./cases/", import.meta.url);
const LOOKUPS = {
  agents: ["@task", "code-standards-reviewer"],
  servers: ["memory", "web", "outside"],
  tools: ["memory.save", "memory.add", "web.search"],
};

const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const files = new Map(names.map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]));

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
    check(name, [...diagnostics.map(formatDiagnostic), verdict, ""].join("\n"));
  });
}

/**
 * Every document in `cases` as a run, with the lines that it must give; `FERMATA_ACCEPT=1` writes what it gives now.
 * See `caseFile.ts` for what a document may say.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { stateHash } from "../../src/run/stateHash.ts";
import { playCase, readCase } from "./caseFile.ts";
import { folded } from "./play.ts";

const FOLDER = new URL("./cases/", import.meta.url);

for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".yaml"))) {
  test(`case ${name}`, () => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    const parts: string[] = [];
    for (const document of parseAllDocuments(text)) {
      assert.deepEqual(document.errors, []);
      const described = readCase(document.toJS());
      const { played, lines } = playCase(described);
      parts.push(`# ${described.case}\n${lines}\n`);
      const again = folded(played.records);
      assert.equal(stateHash(again), stateHash(played.state), `${described.case}: fold`);
    }
    check(name, parts.join("\n"));
  });
}

/** Compares with the expected text beside the cases, or writes it. */
function check(name: string, found: string): void {
  const expected = new URL(name.replace(/\.yaml$/, ".txt"), FOLDER);
  if (process.env.FERMATA_ACCEPT === "1") writeFileSync(expected, found);
  assert.ok(
    existsSync(expected),
    `no expectation for ${name}: read this, then accept it\n${found}`,
  );
  assert.equal(found, readFileSync(expected, "utf8"));
}

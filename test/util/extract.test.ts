/** Contexts as agents really get them, made shorter: what is saved, and that every named fact stays. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { extract } from "../../src/util/extract.ts";

const CORPUS = new URL("./compress/corpus/", import.meta.url);
const FACTS: Readonly<
  Record<string, { readonly task: string; readonly facts: readonly string[] }>
> = JSON.parse(readFileSync(new URL("facts.json", CORPUS), "utf8"));

for (const [name, { task, facts }] of Object.entries(FACTS)) {
  test(`${name}: 60 to 70 % are saved, and every named fact stays`, (t) => {
    const text = readFileSync(new URL(name, CORPUS), "utf8");
    assert.deepEqual(
      facts.filter((fact) => !text.includes(fact)),
      [],
      "facts of the corpus",
    );
    const { text: short, tokens, whole } = extract(text, Math.floor(text.length * 0.1), task);
    const saved = 1 - tokens / whole;
    t.diagnostic(`${whole} tokens, ${tokens} left, ${(100 * saved).toFixed(1)} % saved`);
    assert.ok(saved >= 0.6 && saved <= 0.7, String(saved));
    assert.deepEqual(
      facts.filter((fact) => !short.includes(fact)),
      [],
      "facts that are lost",
    );
  });
}

test("what fits stays as it is, and nothing grows beyond its room", () => {
  assert.equal(extract("short", 100).text, "short");
  const text = readFileSync(new URL("pipeline.log", CORPUS), "utf8");
  for (const room of [20, 100, 500, 2000])
    assert.ok(extract(text, room).tokens <= room, String(room));
});

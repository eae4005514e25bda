import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { names } from "../../src/expression/names.ts";

const all = names();
const guide = readFileSync(new URL("../../docs/expressions.md", import.meta.url), "utf8");

test("every name has a signature that begins with it and one line of documentation", () => {
  for (const each of [...all.filters, ...all.tests, ...all.functions, ...all.methods]) {
    assert.ok(each.signature.startsWith(each.name), each.signature);
    assert.match(each.doc, /^\S[^\n]{3,120}[.;]?$/, each.name);
  }
});

test("names are sorted and different", () => {
  for (const list of [all.filters, all.tests, all.functions]) {
    const plain = list.map(({ name }) => name);
    assert.deepEqual(plain, [...new Set(plain)].sort());
  }
});

test("the guide names everything that can be called", () => {
  for (const { name } of [...all.filters, ...all.tests, ...all.functions, ...all.methods]) {
    assert.match(guide, new RegExp(`\`${name}[\`(]`), name);
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fitParts, type Part } from "../../src/util/fitParts.ts";

const CORPUS = new URL("./compress/corpus/", import.meta.url);
const FACTS: Readonly<Record<string, { readonly facts: readonly string[] }>> = JSON.parse(
  readFileSync(new URL("facts.json", CORPUS), "utf8"),
);
const PARTS: readonly Part[] = Object.keys(FACTS).map((name) => ({
  name,
  text: readFileSync(new URL(name, CORPUS), "utf8"),
}));
const WHOLE = fitParts(PARTS, 1e6, "").whole;

function lost({ parts }: ReturnType<typeof fitParts>): readonly string[] {
  return Object.entries(FACTS).flatMap(([name, { facts }]) => {
    const text = parts.find((part) => part.name === name)?.text ?? "";
    return facts.filter((fact) => !text.includes(fact));
  });
}

test("what fits together stays as it is", () => {
  const { parts, tokens, whole, leftOut } = fitParts(PARTS, WHOLE, "anything");
  assert.deepEqual(
    parts.map(({ name, text }) => ({ name, text })),
    PARTS,
  );
  assert.equal(tokens, whole);
  assert.deepEqual(leftOut, []);
});

test("at 40 % of the room 60 % and more are saved, and every named fact of every text stays", () => {
  const fitted = fitParts(PARTS, WHOLE * 0.4, "Find out why the pipeline was escalated");
  const saved = 1 - fitted.tokens / fitted.whole;
  assert.ok(saved >= 0.6, String(saved));
  assert.deepEqual(lost(fitted), []);
});

test("with room left, what is most about the task stays whole", () => {
  const about = "Find out why the florida data pipeline was escalated; batch, upload, deadlock";
  const { parts } = fitParts(PARTS, WHOLE * 0.7, about);
  const whole = parts.filter((part) => part.tokens === part.whole).map(({ name }) => name);
  assert.ok(whole.includes("pipeline.log"), whole.join());
  assert.ok(whole.length < parts.length);
});

test("nothing exceeds its room, and what has none is named", () => {
  for (const room of [100, 300, 1000, 3000]) {
    const { parts, tokens, leftOut } = fitParts(PARTS, room, "approval");
    assert.ok(tokens <= room, `${tokens} of ${room}`);
    assert.equal(parts.length + leftOut.length, PARTS.length);
  }
  const many = Array.from({ length: 50 }, (_, n) => ({ name: `f${n}`, text: "word ".repeat(200) }));
  const { parts, leftOut, tokens } = fitParts(many, 200, "approval");
  assert.ok(tokens <= 200 && parts.length + leftOut.length === 50 && leftOut.length > 0);
});

test("an empty text is neither given nor missed", () => {
  assert.deepEqual(fitParts([{ name: "a", text: "" }], 10, ""), {
    parts: [],
    tokens: 0,
    whole: 1,
    leftOut: [],
  });
});

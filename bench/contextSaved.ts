/** What an extract saves of contexts as agents get them, and whether every fact that somebody listed before is still there. */
import { readFileSync } from "node:fs";
import { extract } from "../src/util/extract.ts";
import type { Scorecard } from "./scorecard.ts";

/** Of the corpus beside the tests: `facts.json` names the task and the facts of each text. */
const CORPUS = new URL("../test/util/compress/corpus/", import.meta.url);
/** The share of its tokens that a text has room for. */
const ROOM = 0.4;

export function contextSaved(card: Scorecard): void {
  card.section("Context made shorter: share of its tokens saved, and of its facts kept");
  const facts: Record<string, { task: string; facts: string[] }> = JSON.parse(
    readFileSync(new URL("facts.json", CORPUS), "utf8"),
  );
  let [before, after, listed, kept] = [0, 0, 0, 0];
  for (const [name, { task, facts: named }] of Object.entries(facts)) {
    const text = readFileSync(new URL(name, CORPUS), "utf8");
    const { text: short, tokens, whole } = extract(text, (text.length / 4) * ROOM, task);
    const there = named.filter((fact) => short.includes(fact)).length;
    const saved = 1 - tokens / whole;
    const more = `${whole} tokens, ${tokens} left; ${there} of ${named.length} facts`;
    card.add({ name, value: saved, unit: "of 1", goal: { least: 0.6 }, more });
    before += whole;
    after += tokens;
    listed += named.length;
    kept += there;
  }
  card.add({
    name: "all of them",
    value: 1 - after / before,
    unit: "of 1",
    goal: { most: 0.7 },
    more: "more would mean that room was left unused",
  });
  card.add({
    name: "named facts that are kept",
    value: kept / listed,
    unit: "of 1",
    goal: { least: 1 },
    more: `${kept} of ${listed}`,
  });
}

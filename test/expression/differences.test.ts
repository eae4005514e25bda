/** Where we answer something else than Jinja2 on purpose: each is asserted here, and documented with its example. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type Answer, answerTo, type Case, comparable, readCases, writeCases } from "./corpus.ts";

const FILE = "differences.jsonl";
const PAGE = new URL("../../docs/differences-from-jinja2.md", import.meta.url);
const ACCEPT = process.env.FERMATA_ACCEPT === "1";

/** The cases; their `ours` is written anew when new answers are accepted. */
const cases = readCases(FILE).map((each) =>
  ACCEPT ? { ...each, ours: answerTo(each.source) } : each,
);
if (ACCEPT) writeCases(FILE, cases.map(inOrder));

test("every difference from Jinja2 is one, and ours is as it is documented", () => {
  for (const { source, about, why, ours, ...theirs } of cases) {
    assert.ok(about && why && ours, `say what differs, and why: ${source}`);
    assert.deepEqual(comparable(answerTo(source)), comparable(ours), source);
    assert.notDeepEqual(comparable(theirs, theirs), comparable(ours, theirs), source);
  }
});

test("the page of differences says what the cases say", () => {
  const page = pageOf(cases);
  if (ACCEPT) writeFileSync(PAGE, page);
  assert.equal(readFileSync(PAGE, "utf8"), page, "run `npm run accept`");
});

/** A case's fields in the order that make.py writes. */
function inOrder({ source, about, why, ours, ...rest }: Case): Case {
  const { text, value, undefined: nothing, error, ...more } = rest;
  const theirs = { text, value, undefined: nothing, error };
  const known = Object.entries({ source, about, why, ...more, ours, ...theirs });
  return Object.fromEntries(known.filter(([, part]) => part !== undefined)) as unknown as Case;
}

function pageOf(all: readonly Case[]): string {
  const chapters = [...new Set(all.map(({ about = "" }) => about))];
  const parts = chapters.map((chapter) => {
    const rows = all.filter(({ about }) => about === chapter).map(rowOf);
    return `## ${chapter}\n\n| what is different | example | Jinja2 | Fermata |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `${INTRODUCTION}\n${parts.join("\n")}`;
}

const INTRODUCTION = `# Differences from Jinja2

Everything that [expressions](expressions.md) share with Jinja2 is held to the answers of Python's Jinja2 by a corpus
(\`test/expression/corpus\`). This page lists what we answer differently on purpose. Each row is a test; the page is
written by \`npm run accept\` from \`test/expression/corpus/differences.jsonl\`.

\`state.nested\` is \`{"a": {"b": [1, 2, {"c": "deep"}]}}\`, \`state.nothing\` is null, and there is no \`state.missing\`.
`;

function rowOf({ source, why, ours, ...theirs }: Case): string {
  const cells = [
    (why ?? "").replaceAll("|", "\\|"),
    code(source),
    shown(theirs),
    shown(ours ?? {}),
  ];
  return `| ${cells.join(" | ")} |`;
}

function shown({ text, value, undefined: nothing, error }: Answer): string {
  if (error !== undefined) return "an error";
  if (nothing) return "undefined";
  if (text === "" && value === null) return "null";
  if (text === "") return "empty text";
  return code(text ?? "");
}

function code(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const safe = short.replaceAll("|", "\\|").replaceAll("\n", " ");
  return safe.includes("`") ? `\`\` ${safe} \`\`` : `\`${safe}\``;
}

/** Questions over runs as people type them: what they mean, and what is said of those that mean nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuery, QUERY_FIELDS, type RunQuery } from "../../../src/run/history/query.ts";

const NOW = Date.UTC(2026, 10, 27, 5, 30);
const DAY = 24 * 3_600_000;

function read(text: string): RunQuery {
  const parsed = parseQuery(text, NOW);
  return parsed.ok ? parsed.query : assert.fail(parsed.message);
}

function refusal(text: string): string {
  const parsed = parseQuery(text, NOW);
  return parsed.ok ? assert.fail(`${text} was taken`) : parsed.message;
}

test("words and phrases are looked for, all of them, in any case", () => {
  assert.deepEqual(read(""), []);
  assert.deepEqual(read('  Rate "Two  Words" -not'), [
    { not: false, field: "text", any: ["rate"] },
    { not: false, field: "text", any: ["two  words"] },
    { not: true, field: "text", any: ["not"] },
  ]);
  assert.deepEqual(read('"open to the end'), [
    { not: false, field: "text", any: ["open to the end"] },
  ]);
});

test("a field takes one value or several, of which one is enough", () => {
  assert.deepEqual(read("status:failed,Rejected -agent:@task,offline by:Anna Workflow:a:b"), [
    { not: false, field: "status", any: ["failed", "rejected"] },
    { not: true, field: "agent", any: ["@task", "@offline"] },
    { not: false, field: "by", any: ["anna"] },
    { not: false, field: "workflow", any: ["a:b"] },
  ]);
  assert.deepEqual(read('workflow:"a, b"'), [{ not: false, field: "workflow", any: ["a, b"] }]);
});

test("times count back from now, or are days and minutes of UTC", () => {
  for (const [text, at] of [
    ["7d", NOW - 7 * DAY],
    ["2w", NOW - 14 * DAY],
    ["90m", NOW - 5_400_000],
    ["now", NOW],
    ["today", Date.UTC(2026, 10, 27)],
    ["yesterday", Date.UTC(2026, 10, 26)],
    ["2026-11-01", Date.UTC(2026, 10, 1)],
    ["2026-11-01T14:30", Date.UTC(2026, 10, 1, 14, 30)],
    ["2026-11-01T14:30+02:00", Date.UTC(2026, 10, 1, 12, 30)],
  ] as const)
    assert.deepEqual(read(`since:${text}`), [{ not: false, field: "since", at }], text);
});

test("what is measured is compared", () => {
  assert.deepEqual(read("took:>10m tokens:<=2k cost:$0.5 tokens:>=1"), [
    { not: false, field: "took", compare: ">", value: 600_000 },
    { not: false, field: "tokens", compare: "<=", value: 2000 },
    { not: false, field: "cost", compare: "=", value: 0.5 },
    { not: false, field: "tokens", compare: ">=", value: 1 },
  ]);
});

test("a mistake is told with what can be written instead", () => {
  assert.match(refusal("status:faild"), /no status faild\. Did you mean failed\?.*one of running/);
  assert.match(refusal("stauts:failed"), /no field stauts:\. Did you mean status:\?.*quote it/);
  assert.match(refusal("since:tuesday"), /tuesday is no time\. Write a span \(30m/);
  assert.match(refusal("since:2026-02-31x"), /is no time/);
  assert.match(refusal("took:10"), /took:10 is not understood\. Write took:>10m/);
  assert.match(refusal("tokens:many"), /tokens:many is not understood/);
  for (const empty of ['agent:""', "agent:", "agent:,", "-agent: word"])
    assert.match(refusal(empty), /^agent: needs a value\. Write agent:NAME/, empty);
  assert.match(refusal("status:"), /status: needs a value\. .*one of running, waiting/);
  assert.match(refusal("stauts:"), /no field stauts:\. Did you mean status:\?/);
  assert.match(refusal("status:cancelling"), /no status cancelling/);
});

test("every field that is told of is understood", () => {
  for (const [example] of QUERY_FIELDS) {
    const [field = "", value = ""] = example.split(":");
    const given = { WORD: "done", WHEN: "7d" }[value] ?? value;
    assert.equal(read(`${field}:${given}`).length, 1, example);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../src/util/json.ts";
import { contextOf, errorOf, rendered } from "./evaluation.ts";

function call(source: string, roots: { readonly [name: string]: Json }): Json | undefined {
  return rendered(source, contextOf(roots));
}

test("research questions are few, different, and speak of the task and its requirements", () => {
  const questions = call("{{ generate_research_tasks(task, requirements) }}", {
    task: "Add OAuth login to the billing service",
    requirements:
      "- Support Google and GitHub\n- No downtime during the switch\n- Done within two weeks",
  });
  assert.ok(Array.isArray(questions));
  assert.equal(questions.length, 6);
  assert.equal(new Set(questions).size, 6);
  const all = questions.join("\n");
  for (const words of [
    "Add OAuth login to the billing service",
    "Support Google and GitHub",
    "No downtime",
    "two weeks",
  ]) {
    assert.ok(all.includes(words), words);
  }
  assert.ok(questions.every((question) => String(question).endsWith("?")));
});

test("research questions need no requirements, but a task", () => {
  const questions = call("{{ generate_research_tasks(task) }}", { task: "Write a parser" });
  assert.ok(Array.isArray(questions) && questions.length >= 3);
  assert.deepEqual(
    call("{{ generate_research_tasks(task) }}", { task: "Write a parser" }),
    questions,
  );
  assert.equal(errorOf("{{ generate_research_tasks('  ') }}").code, "value");
});

test("findings cite every source once", () => {
  const search = {
    query: "oauth",
    results: [
      { title: "One", url: "https://a.example/1", snippet: "Tokens expire after an hour." },
      { title: "Two", url: "https://b.example/2", snippet: "Refresh tokens live longer." },
      { title: "One again", url: "https://a.example/1", snippet: "The same page." },
      { title: "No link", snippet: "Said by someone." },
    ],
    sources: ["https://a.example/1", "https://c.example/3"],
  };
  const text = String(call("{{ analyze_search_results(search) }}", { search }));
  assert.match(text, /^Findings for "oauth" \(3 results\):/);
  assert.match(text, /1\. \*\*One\*\*: Tokens expire after an hour\. \(https:\/\/a\.example\/1\)/);
  assert.match(text, /Said by someone\. \(no source given\)/);
  assert.match(text, /Named by more than one result: tokens\./);
  assert.equal(text.match(/- https:\/\/a\.example\/1/g)?.length, 1);
  assert.ok(text.endsWith("- https://c.example/3"));
});

test("no findings are called that", () => {
  for (const search of [
    { query: "x", results: [] },
    { query: "x" },
    null,
    [],
    "",
    { query: "x", content: [] },
  ]) {
    assert.match(
      String(call("{{ analyze_search_results(search) }}", { search })),
      /^No results were found/,
    );
  }
});

test("findings are read from a tool's content too", () => {
  const json = JSON.stringify({
    results: [{ title: "T", url: "https://t.example", snippet: "S" }],
  });
  const structured = { query: "q", content: [{ type: "text", text: json }] };
  assert.match(
    String(call("{{ analyze_search_results(s) }}", { s: structured })),
    /https:\/\/t\.example/,
  );
  const prose = { content: [{ type: "text", text: "Nothing but words." }] };
  assert.match(
    String(call("{{ analyze_search_results(s) }}", { s: prose })),
    /Nothing but words\./,
  );
});

test("feedback becomes open tasks at the end of the plan", () => {
  const plan = "# Plan\n\n## Steps\n\n1. Build\n\n## Risks\n\nFew.\n";
  const feedback =
    "Good start.\n\n## Security\n- Rotate the keys\n  every month\n- Log access\n\nTests:\n1. Cover errors";
  const merged = String(call("{{ merge_plan_with_feedback(plan, feedback) }}", { plan, feedback }));
  assert.equal(
    merged,
    `${plan.trim()}\n\n## Review feedback\n\n- [ ] Security: Rotate the keys\n  every month\n- [ ] Security: Log access\n- [ ] Tests: Cover errors`,
  );
  const again = String(
    call("{{ merge_plan_with_feedback(plan, 'Split step 1.') }}", { plan: merged }),
  );
  assert.ok(again.endsWith("## Review feedback (round 2)\n\n- [ ] Split step 1"), again);
});

test("approval adds no tasks, and no feedback adds nothing", () => {
  const merge = (feedback: Json) =>
    String(call("{{ merge_plan_with_feedback('P', f) }}", { f: feedback }));
  assert.match(merge("LGTM, no issues found."), /asks for no changes: LGTM, no issues found\.$/);
  assert.match(merge("Looks good, but add tests."), /- \[ \] Looks good, but add tests$/);
  assert.equal(merge(""), "P");
  assert.equal(merge(null), "P");
});

test("compress keeps what names and decides, in its order, within its room", () => {
  const said = Array.from(
    { length: 80 },
    (_, n) => `Then I looked at it once more, for the time ${n}.`,
  );
  const facts = [
    "store.ts:41 ValueError: rate limit of 512 exceeded",
    "We decided on `retry_after`.",
  ];
  const long = [...said.slice(0, 40), facts[0], ...said.slice(40), facts[1]].join("\n");
  const short = String(call("{{ text | compress(tokens=100) }}", { text: long }));
  assert.ok(short.length <= 400, String(short.length));
  assert.deepEqual(
    facts.map((fact) => short.includes(fact)),
    [true, true],
    short,
  );
  assert.ok(short.indexOf("store.ts") < short.indexOf("retry_after"), short);
  assert.equal(call("{{ 'a  b' | compress(tokens=100) }}", {}), "a  b");
});

test("compress works on one long line, and never gives nothing", () => {
  const short = String(call("{{ text | compress(tokens=10) }}", { text: "abc ".repeat(5000) }));
  assert.match(short, /^abc /);
  assert.ok(short.length <= 40, String(short.length));
});

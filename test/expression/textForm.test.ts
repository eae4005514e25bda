import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOf, rendered } from "./evaluation.ts";

const context = contextOf({
  state: {
    plan: { response: "The plan", agent_used: "@task", tokens_used: 12 },
    data: { response: { a: 1 }, agent_used: "@task" },
    text: { input: "typed", answered_by: "ada", answered_at: "t" },
    choice: { selected: "b", answered_by: "ada", answered_at: "t" },
    yes: { confirmed: true, answered_by: "ada", answered_at: "t" },
    info: { acknowledged: true, answered_by: "ada", answered_at: "t" },
    form: { name: "x", size: 2, answered_by: "ada", answered_at: "t" },
    approved: { approved: true, plan: "p", answered_by: "ada", answered_at: "t" },
    plain: { response: "not from an agent" },
    list: [{ response: "r", agent_used: "a" }, null, true, 1.5],
    none: null,
  },
});

function text(source: string): unknown {
  return rendered(`[${source}]`, context);
}

test("a delegate's result prints as its response", () => {
  assert.equal(text("{{ state.plan }}"), "[The plan]");
  assert.equal(text("{{ state.data }}"), '[{"a": 1}]');
  assert.equal(text("{{ state.plain }}"), '[{"response": "not from an agent"}]');
});

test("a prompt's result prints as its answer", () => {
  assert.equal(text("{{ state.text }}"), "[typed]");
  assert.equal(text("{{ state.choice }}"), "[b]");
  assert.equal(text("{{ state.yes }}"), "[true]");
  assert.equal(text("{{ state.info }}"), "[true]");
  assert.equal(text("{{ state.form }}"), '[{"name": "x", "size": 2}]');
});

test("the text form holds wherever values become text", () => {
  assert.equal(text("{{ 'a' ~ state.plan ~ state.none }}"), "[aThe plan]");
  assert.equal(text("{{ [state.plan, state.text] | join(', ') }}"), "[The plan, typed]");
  assert.equal(text("{{ state.plan | upper }}"), "[THE PLAN]");
  assert.equal(text("{{ state.plan.split(' ')[0] }}"), "[The]");
  assert.equal(text("{{ '%s' % state.plan }} {{ '{}'.format(state.text) }}"), "[The plan typed]");
  assert.equal(text("{{ state.plan | hash == 'The plan' | hash }}"), "[true]");
});

test("one expression, lists and tojson keep the whole result", () => {
  assert.deepEqual(rendered("{{ state.plan.tokens_used }}", context), 12);
  assert.equal(
    text("{{ state.list }}"),
    '[[{"response": "r", "agent_used": "a"}, null, true, 1.5]]',
  );
  assert.equal(text("{{ state.plain | tojson }}"), '[{"response": "not from an agent"}]');
  assert.match(String(text("{{ state.plan | tojson }}")), /"agent_used": "@task"/);
});

test("floats keep their point, also inside structures", () => {
  assert.equal(
    text("{{ 10 / 5 }} {{ [10 / 5, 2] }} {{ {'x': 0.5 + 0.5} | tojson }}"),
    '[2.0 [2.0, 2] {"x": 1.0}]',
  );
});

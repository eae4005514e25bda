import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Compiled,
  compileExpression,
  compileTemplate,
  isTruthy,
  renderTemplate,
  renderValue,
} from "../../src/expression/template.ts";
import { contextOf, rendered } from "./evaluation.ts";

const context = contextOf({
  state: { n: 3, tags: ["a", "b"], plan: null },
  inputs: { who: "Ada" },
});

test("one expression keeps its type, whatever white space is around it", () => {
  assert.deepEqual(rendered("{{ state.tags }}", context), ["a", "b"]);
  assert.equal(rendered("\n  {{ state.n }}\n\n", context), 3);
  assert.equal(rendered("{{- state.n -}}", context), 3);
  assert.equal(rendered("{{ state.plan }}", context), null);
  assert.equal(rendered("{{ state.missing }}", context), undefined);
});

test("anything else becomes text", () => {
  assert.equal(rendered("{{ state.n }}.", context), "3.");
  assert.equal(rendered("{{ state.n }}{{ state.n }}", context), "33");
  assert.equal(rendered("{{ state.n }}{# why #}", context), "3");
  assert.equal(rendered("{% if true %}{{ state.n }}{% endif %}", context), "3");
  assert.equal(rendered("12", context), "12");
});

test("what is read leaves as the very same data, uncopied", () => {
  assert.equal(rendered("{{ state.tags }}", context), context.roots.state?.["tags" as never]);
});

test("numbers and dates leave as plain JSON", () => {
  assert.deepEqual(rendered("{{ [10 / 5, {'at': now()}, timedelta(hours=1), now().date()] }}"), [
    2,
    { at: "2024-02-29T13:04:05.678Z" },
    3600,
    "2024-02-29",
  ]);
  assert.equal(
    rendered("{{ state.tags | groupby('x') | length }}", contextOf({ state: { tags: [] } })),
    0,
  );
});

test("an expression's field may be bare or one pair of braces", () => {
  for (const source of ["state.n > 2", "{{ state.n > 2 }}", "  state.n > 2\n", "'{{' not in 'x'"]) {
    const compiled = compileExpression(source);
    assert.ok(compiled.ok, source);
    assert.ok(compiled.template.isSingle);
    assert.deepEqual(renderTemplate(compiled.template, context), { ok: true, value: true });
  }
  for (const source of ["", "{{ a }} and {{ b }}", "state.n > {{ 2 }}", "{% if a %}{% endif %}"]) {
    assert.equal(compileExpression(source).ok, false, source);
  }
});

test("every string inside a structure is rendered, keys are not", () => {
  const value = {
    "{{ k }}": ["{{ state.n }}", { deep: "Hi {{ inputs.who }}" }],
    n: 1,
    no: "{{ state.x }}",
  };
  assert.deepEqual(renderValue(value, context), {
    ok: true,
    value: { "{{ k }}": [3, { deep: "Hi Ada" }], n: 1, no: null },
  });
});

test("an error inside a structure says where", () => {
  const result = renderValue({ a: [1, { b: "x {{ 1 / 0 }}" }] }, context);
  assert.ok(!result.ok);
  assert.deepEqual(result.path, ["a", 1, "b"]);
  assert.equal(result.source, "x {{ 1 / 0 }}");
  assert.equal(result.error.start, 5);
});

test("a structure is compiled by the caller's own function, which may keep what it compiled", () => {
  const kept = new Map<string, Compiled>();
  const compile = (source: string): Compiled => {
    const compiled = kept.get(source) ?? compileTemplate(source);
    kept.set(source, compiled);
    return compiled;
  };
  renderValue(["{{ state.n }}", "{{ state.n }}"], context, compile);
  assert.equal(kept.size, 1);
});

test("a field called __proto__ is a field", () => {
  const odd = JSON.parse('{"__proto__": "{{ state.n }}"}');
  const result = renderValue(odd, context);
  assert.ok(result.ok);
  assert.equal(JSON.stringify(result.value), '{"__proto__":3}');
});

test("printed values are escaped, the template's own text is not", () => {
  const quote = (text: string) => `'${text}'`;
  assert.equal(rendered("echo {{ inputs.who }} 'x'", context, { escape: quote }), "echo 'Ada' 'x'");
  assert.equal(rendered("{{ state.n }}", context, { escape: quote }), "'3'");
  const captured = "{% set x %}a {{ inputs.who }}{% endset %}{{ x }}";
  assert.equal(rendered(captured, context, { escape: quote }), "'a Ada'");
  const filtered = "{% filter upper %}{{ inputs.who }}{% endfilter %}";
  assert.equal(rendered(filtered, context, { escape: quote }), "'ADA'");
});

test("truth is Jinja's", () => {
  for (const value of [undefined, null, false, 0, "", [], {}]) assert.equal(isTruthy(value), false);
  for (const value of [true, 1, -1, "0", [0], { a: null }]) assert.equal(isTruthy(value), true);
});

test("a host may add functions", () => {
  const compiled = compileTemplate("{{ secret('TOKEN', scope=1 + 1) }}", { functions: ["secret"] });
  assert.ok(compiled.ok);
  const functions = {
    secret: (args: unknown, named: unknown) => `${JSON.stringify([args, named])}`,
  };
  assert.deepEqual(renderTemplate(compiled.template, contextOf({}, { functions })), {
    ok: true,
    value: '[["TOKEN"],{"scope":2}]',
  });
  assert.equal(compileTemplate("{{ secret('TOKEN') }}").ok, false);
});

test("every expression of the planning workflow comes to what it should", () => {
  const planning = contextOf({
    inputs: { task_description: "Add login", max_research_tasks: 2, require_approval: true },
    state: {
      requirements: { input: "Must use OAuth", answered_by: "ada", answered_at: "t" },
      research_tasks: ["a", "b", "c"],
      initial_plan: { response: "# Plan\n\n1. Do it", agent_used: "@task" },
      review_feedback: { response: "- Add tests", agent_used: "@reviewer" },
      approval_response: { confirmed: true, answered_by: "ada", answered_at: "t" },
    },
  });
  assert.deepEqual(rendered("{{ state.research_tasks[:inputs.max_research_tasks] }}", planning), [
    "a",
    "b",
  ]);
  assert.equal(
    rendered("Requirements: {{ state.requirements }}", planning),
    "Requirements: Must use OAuth",
  );
  assert.equal(rendered("{{ state.approval_response.confirmed }}", planning), true);
  assert.match(
    String(rendered("plan_{{ inputs.task_description | hash }}", planning)),
    /^plan_[0-9a-f]{16}$/,
  );
  const merged =
    "{{ merge_plan_with_feedback(\n  state.initial_plan,\n  state.review_feedback\n) }}\n";
  assert.match(
    String(rendered(merged, planning)),
    /^# Plan\n\n1\. Do it\n\n## Review feedback\n\n- \[ \] Add tests$/,
  );
  const tasks = rendered(
    "{{ generate_research_tasks(inputs.task_description, state.requirements) }}",
    planning,
  );
  assert.ok(Array.isArray(tasks) && tasks.some((task) => String(task).includes("Must use OAuth")));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { references, uses } from "../../src/expression/references.ts";
import { compileTemplate, type Template } from "../../src/expression/template.ts";

function compile(source: string): Template {
  const compiled = compileTemplate(source);
  assert.ok(compiled.ok, source);
  return compiled.template;
}

/** References as they are written: `state.a[0]`. */
function read(source: string): readonly string[] {
  return references(compile(source)).map(({ root, path, start, end }) => {
    assert.ok(source.slice(start, end).startsWith(root), source);
    return [root, ...path].join("/");
  });
}

test("every chain that is read is found once, as far as it is static", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["{{ state.a.b }}", ["state/a/b"]],
    ["{{ state['a-b'][0].c }}", ["state/a-b/0/c"]],
    ["{{ state[inputs.key].x }}", ["state", "inputs/key"]],
    ["{{ state.items[:inputs.n] }}", ["state/items", "inputs/n"]],
    ["{{ state.a | default(state.b) }}", ["state/a", "state/b"]],
    ["{{ state.name.upper() ~ now() }}", ["state/name"]],
    ["{{ {'k': state.v}.k }}", ["state/v"]],
    ["{{ x if state.ok else y.z }}", ["x", "state/ok", "y/z"]],
    ["{{ state.a is divisibleby(state.b) }}", ["state/a", "state/b"]],
    ["{{ dict(a=state.a) }}", ["state/a"]],
    ["{{ 1 < state.n < inputs.m }}", ["state/n", "inputs/m"]],
    ["plain", []],
  ];
  for (const [source, expected] of cases) assert.deepEqual(read(source), expected, source);
});

test("names that the template binds itself are not references", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      "{% for x in state.xs if x.ok %}{{ x.name }}{{ loop.index }}{{ y }}{% endfor %}",
      ["state/xs", "y"],
    ],
    ["{% for k, v in state.d.items() %}{{ k ~ v }}{% endfor %}{{ k }}", ["state/d", "k"]],
    ["{% set a = state.a %}{{ a.b }}", ["state/a"]],
    ["{{ a }}{% set a = 1 %}{{ a }}", ["a"]],
    ["{% with b = state.b, c = b %}{{ b.x ~ c }}{% endwith %}{{ b }}", ["state/b", "b", "b"]],
    ["{% set t %}{{ state.t }}{% endset %}{{ t }}", ["state/t"]],
    ["{% if state.x %}{% set y = 1 %}{% endif %}{{ y }}", ["state/x"]],
    ["{% filter replace('a', state.r) %}{{ q }}{% endfilter %}", ["state/r", "q"]],
    ["{{ loop.index }}", ["loop/index"]],
  ];
  for (const [source, expected] of cases) assert.deepEqual(read(source), expected, source);
});

test("what is called is found with its range", () => {
  const source =
    "{% filter trim %}{{ now().strftime('%Y') | upper }}{{ x is defined }}{% endfilter %}";
  assert.deepEqual(
    uses(compile(source)).map(({ kind, name, start, end }) => [
      kind,
      name,
      source.slice(start, end),
    ]),
    [
      ["filter", "trim", "trim"],
      ["function", "now", "now"],
      ["method", "strftime", "strftime"],
      ["filter", "upper", "upper"],
      ["test", "defined", "defined"],
    ],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTemplate, renderTemplate } from "../../src/expression/template.ts";
import { contextOf, errorOf, rendered } from "./evaluation.ts";

const INHERITED = [
  "constructor",
  "__proto__",
  "__class__",
  "__defineGetter__",
  "__lookupGetter__",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
];

const THINGS = ["''", "[]", "{}", "1", "1.0", "true", "state", "state.text", "state.list", "now()"];

const context = contextOf({ state: { text: "x", list: [1], dict: { a: 1 } } });

test("nothing that a value inherits can be read", () => {
  for (const thing of [...THINGS, "timedelta(days=1)", "namespace(a=1)"]) {
    for (const name of INHERITED) {
      for (const read of [
        `(${thing}).${name}`,
        `(${thing})['${name}']`,
        `(${thing}) | attr('${name}')`,
      ]) {
        assert.equal(rendered(`{{ (${read}) is defined }}`, context), false, read);
      }
      assert.equal(errorOf(`{{ (${thing}).${name}.x }}`, context).code, "undefined");
    }
  }
});

test("nothing that a value inherits can be called", () => {
  for (const thing of THINGS) {
    for (const name of INHERITED) {
      const { code } = errorOf(`{{ (${thing}).${name}('return 1') }}`, context);
      assert.ok(["forbidden", "unknown_method"].includes(code), `${thing}.${name}: ${code}`);
    }
  }
});

test("inherited names are not filters, tests, functions, roots, loop fields or format fields", () => {
  for (const name of INHERITED) {
    for (const source of [
      `{{ 1 | ${name} }}`,
      `{{ 1 is ${name} }}`,
      `{{ ${name}() }}`,
      `{{ ${name} }}`,
      `{{ [1] | map('${name}') }}`,
      `{{ '{${name}}'.format() }}`,
      `{{ '{0.${name}.x}'.format(1) }}x{{ 1 / 0 }}`,
    ]) {
      assert.ok(errorOf(source, context).code, source);
    }
    assert.equal(rendered(`{{ '%(${name})s' % {} }}`), "");
    assert.equal(rendered(`{{ [{}] | map(attribute='${name}') | first is defined }}`), false);
    assert.equal(rendered(`{% for x in [1] %}{{ loop.${name} is defined }}{% endfor %}`), "false");
    assert.equal(rendered(`{{ '${name}' in {} }}`), false);
    assert.equal(rendered(`{{ {}.get('${name}', 'none') }}`), "none");
    assert.equal(rendered(`{{ env('${name}', 'none') }}`), "none");
  }
});

test("fields with inherited names are ordinary when they are the data's own", () => {
  const odd = contextOf({ state: JSON.parse('{"__proto__": 1, "constructor": {"name": 2}}') });
  assert.equal(rendered("{{ state.__proto__ }}", odd), 1);
  assert.equal(rendered("{{ state.constructor.name }}", odd), 2);
  const made = rendered("{{ {'__proto__': {'polluted': 1}, 'a': 1.0} }}");
  assert.equal(JSON.stringify(made), '{"__proto__":{"polluted":1},"a":1}');
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  const parsed = `{{ '{"__proto__": {"polluted": 1}}' | parse_json }}`;
  assert.equal(JSON.stringify(rendered(parsed)), '{"__proto__":{"polluted":1}}');
});

test("nothing changes the data that is read", () => {
  const state = { list: [3, 1, 2], dict: { b: 1, a: 2 }, rows: [{ n: 2 }, { n: 1 }] };
  const before = JSON.stringify(state);
  for (const source of [
    "{{ state.list | sort }}{{ state.list | reverse }}{{ state.list + [9] }}",
    "{{ state.rows | sort(attribute='n') }}{{ state.rows | groupby('n') }}{{ state.dict | dictsort }}",
    "{% set x = state.list %}{% set x = x + [1] %}{{ x | unique }}",
    "{{ state.list | batch(2, 0) }}{{ state.list | slice(2, 0) }}{{ dict(state.dict, a=9) }}",
  ]) {
    assert.equal(typeof rendered(source, contextOf({ state })), "string");
  }
  assert.equal(JSON.stringify(state), before);
  assert.equal(errorOf("{% set state.list = 1 %}", contextOf({ state })).code, "type");
});

test("a compiled template holds nothing from one evaluation to the next", () => {
  const compiled = compileTemplate(
    "{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}",
  );
  assert.ok(compiled.ok);
  const { template } = compiled;
  assert.deepEqual(renderTemplate(template, context), renderTemplate(template, context));
});

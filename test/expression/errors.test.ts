import assert from "node:assert/strict";
import { test } from "node:test";
import { closest, lineColumn } from "../../src/expression/error.ts";
import { compileTemplate } from "../../src/expression/template.ts";
import { contextOf, errorOf, pointedAt, rendered } from "./evaluation.ts";

const context = contextOf({ state: { name: "Ada", tasks: [], nothing: null }, inputs: {} });

test("an error points at the smallest part that is wrong", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a {{ 1 + }} b", "}}"],
    ["a {{ (1 }} b", "("],
    ["{{ 'abc }}", "'"],
    ["{{ 'a' | uper }}", "uper"],
    ["{{ 1 is evn }}", "evn"],
    ["{{ nwo() }}", "nwo"],
    ["{{ 'a'.stripp() }}", "stripp"],
    ["{{ 'a' | truncate(lenght=3) }}", "lenght"],
    ["{{ 'a' | truncate(3, length=3) }}", "length"],
    ["{{ 'a' | upper(1, 2) }}", "1, 2"],
    ["{{ 'a' | replace('b') }}", "replace"],
    ["{{ 'a'.upper(1) }}", "1"],
    ["{{ range(1, 2, 3, 4) }}", "4"],
    ["{{ ['a'] | map('truncate', lenght=3) }}", "lenght"],
    ["{{ ['a'] | map('upper', 1) }}", "1"],
    ["{{ ['a'] | map(atribute='x') }}", "atribute"],
    ["{{ [1] | select('divisibleby') }}", "'divisibleby'"],
    ["{{ [1] | rejectattr('a', 'evn') }}", "evn"],
    ["{% filter indent(wdth=2) %}x{% endfilter %}", "wdth"],
    ["{% for x in [1] %}{{ loop.indx }}{% endfor %}", "indx"],
    ["{{ stat.name }}", "stat"],
    ["{{ state.nme.first }}", "nme"],
    ["{{ 1 + (2 / 0) }}", "2 / 0"],
    ["{{ 1 + ((nosuch)) }}", "nosuch"],
    ["{{ 2.5 | round(1, 'up') }}", "'up'"],
    ["{{ 'a' | indent(width=2.5) }}", "2.5"],
    ["{{ [1, (2, 3] }}", "("],
    ["{{ (1, 2]) }}", "]"],
    ["{{ {'a': 1 }}", "{"],
    ["{% set x = {'a': 1 %}", "{"],
    ["{{ 'it's | upper }}", "'it'"],
    ["{{ [1, 2] | map('uper') }}", "uper"],
    ["x\n{% if true %}\ny", "if"],
    ["{{ 1 if true else 'a' ? 2 }}", "?"],
  ];
  for (const [source, part] of cases) assert.equal(pointedAt(source, context), part, source);
});

test("an error says what was probably meant", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["{{ 'a' | uper }}", "unknown_filter", "upper"],
    ["{{ 1 is evn }}", "unknown_test", "even"],
    ["{{ nwo() }}", "unknown_function", "now"],
    ["{{ 'a'.stripp() }}", "unknown_method", "strip"],
    ["{{ stat.name }}", "unknown_name", "state"],
    ["{{ state.nme.first }}", "undefined", "name"],
    ["{% endfi %}", "syntax", "endif"],
  ];
  for (const [source, code, suggestion] of cases) {
    const error = errorOf(source, context);
    assert.equal(error.code, code, source);
    assert.equal(error.suggestion, suggestion, source);
    assert.ok(error.message.includes(`\`${suggestion}\``), error.message);
  }
});

test("everything that is wrong with a template's calls is told at once", () => {
  const source = "{{ 'a' | uper }} {{ nwo() }} {{ 1 is evn }} {{ 'a' | indent(wdth=2) }}";
  const compiled = compileTemplate(source);
  assert.ok(!compiled.ok);
  const parts = compiled.errors.map(({ start, end }) => source.slice(start, end));
  assert.deepEqual(parts, ["uper", "nwo", "evn", "wdth"]);
  assert.deepEqual(compiled.error, compiled.errors[0]);
  assert.equal(compiled.draft?.source, source);
});

test("an error says the next move", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["{{ 'a' + 1 }}", /Join text with `~`/],
    ["{{ state.nothing + 1 }}", /`default` or `or`/],
    ["{{ state.nothing | length }}", /\(x or \[\]\)/],
    ["{{ state.tasks.append(1) }}", /list \+ \[x\]/],
    ["{{ now }}", /Write `now\(\)`/],
    ["{{ upper('a') }}", /It is a filter: `value \| upper`/],
    ["{{ 'a'.trim() }}", /It is a filter: `value \| trim`/],
    ["{{ a && b }}", /Write `and`/],
    ["{{ state.with-dash.x }}", /\['with-\.\.\.'\]/],
    ["{{ 1 > {{ 2 }} }}", /no further `\{\{ \}\}`/],
    ["{% macro x() %}{% endmacro %}", /not part of workflow templates/],
    ["{{ 'a' | truncate(nope=1) }}", /truncate\(length=255/],
    ["{{ 'a' | replace('b') }}", /needs `new`/],
    ["{{ 'a' | regex_search('(?=b)') }}", /Look-around/],
  ];
  for (const [source, message] of cases)
    assert.match(errorOf(source, context).message, message, source);
});

test("a call that cannot work is refused before anything is evaluated", () => {
  for (const source of [
    "{% if false %}{{ 1 | nosuch }}{% endif %}",
    "{{ 1 if true else nosuch() }}",
    "{% for x in [] %}{{ x | upper(1) }}{% endfor %}",
    "{% filter nosuch %}{% endfilter %}",
    "{% set range = 1 %}{{ range(3) }}",
  ]) {
    assert.notEqual(errorOf(source).code, "undefined", source);
  }
});

test("unknown names may be asked about", () => {
  assert.equal(rendered("{{ nosuch is defined }}"), false);
  assert.equal(rendered("{{ nosuch | default('x') }}"), "x");
  assert.equal(errorOf("{{ nosuch.x | default('x') }}").code, "unknown_name");
});

test("the legacy dialect reads null where something is missing", () => {
  const lenient = contextOf({ state: { n: 1, nothing: null } }, { lenient: true });
  for (const source of [
    "{{ state.missing.deeper }}",
    "{{ state.missing.deeper.still }}",
    "{{ state.nothing.deeper }}",
    "{{ state.missing[0] }}",
    "{{ state.missing[:2] }}",
    "{{ state.missing.strip() }}",
    "{{ nosuch.field }}",
  ]) {
    assert.equal(rendered(source, lenient), null, source);
  }
  assert.equal(rendered("{{ state.missing }}", lenient), undefined);
  assert.equal(rendered("{{ nosuch }}", lenient), undefined);
  assert.equal(rendered("{{ state.nothing | length }}", lenient), 0);
  assert.equal(rendered("{% for x in state.nothing %}{% else %}none{% endfor %}", lenient), "none");
});

test("lines and columns count from one", () => {
  assert.deepEqual(lineColumn("ab\ncd\r\nef", 0), { line: 1, column: 1 });
  assert.deepEqual(lineColumn("ab\ncd\r\nef", 4), { line: 2, column: 2 });
  assert.deepEqual(lineColumn("ab\ncd\r\nef", 7), { line: 3, column: 1 });
});

test("a name is only suggested when it is close", () => {
  assert.equal(closest("tsak", ["task", "inputs"]), "task");
  assert.equal(closest("Task", ["task"]), "task");
  assert.equal(closest("x", ["requirements"]), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import nunjucks from "nunjucks";
import {
  compileExpression,
  compileTemplate,
  renderTemplate,
} from "../../src/expression/template.ts";
import { type Engine, escapeOf, readAttempts } from "./escape.ts";
import { contextOf } from "./evaluation.ts";

const attempts = readAttempts();

/** Our language in one of its two dialects; a bare expression is what stands between the braces. */
function ours(lenient: boolean, bare: boolean): Engine {
  return (source, data) => {
    const inside = /^\{\{(.*)\}\}$/s.exec(source)?.[1];
    if (bare && inside === undefined) return "";
    const compiled = bare ? compileExpression(inside ?? "") : compileTemplate(source);
    if (!compiled.ok) return compiled.error.message;
    const context = contextOf(data as never, { lenient });
    const quote = (text: string) => `'${text}'`;
    const value = renderTemplate(compiled.template, context);
    const text = renderTemplate(compiled.template, context, { escape: quote });
    return [value, text]
      .map((each) => (each.ok ? JSON.stringify(each.value) : each.error.message))
      .join("\n");
  };
}

test(`none of ${attempts.length} attempts to escape does anything`, () => {
  assert.ok(attempts.length >= 300);
  for (const lenient of [false, true]) {
    for (const bare of [false, true]) {
      for (const { source } of attempts) {
        const found = escapeOf(ours(lenient, bare), source);
        assert.equal(found, undefined, `${source}: ${found}`);
      }
    }
  }
});

test("the same trap catches an engine that compiles templates to code", () => {
  const environment = new nunjucks.Environment(null, { autoescape: false });
  const engine: Engine = (source, data) => environment.renderString(source, data);
  const caught = attempts.filter(
    ({ source }) => escapeOf(engine, source) === "code of the template was run",
  );
  assert.ok(caught.length >= 3, `only ${caught.map(({ source }) => source).join(", ")}`);
});

test("the trap closes on what is printed, changed and called", () => {
  const leaks: Engine = () => String(process.env.FERMATA_CANARY);
  const pollutes: Engine = () => String(Object.assign(Object.prototype, { polluted: 1 }));
  const writes: Engine = (_, data) => String(Object.assign(data, { more: 1 }));
  const runs: Engine = () => String((globalThis as { escaped?: () => string }).escaped?.());
  assert.match(escapeOf(leaks, "x") ?? "", /it printed/);
  assert.match(escapeOf(pollutes, "x") ?? "", /Object\.prototype\.polluted was changed/);
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  assert.match(escapeOf(writes, "x") ?? "", /the data was changed/);
  assert.match(escapeOf(runs, "x") ?? "", /was run/);
});

/** References to secrets, found in the text of a file and nowhere else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callsSecret,
  secretParts,
  secretsIn,
  withoutSecrets,
} from "../../../src/workflow/read/secret.ts";
import { bundleOf } from "../../run/simulate.ts";

test("the pieces of a text, however the name is written", () => {
  assert.deepEqual(secretParts(`a {{ secret('X') }}{{secret("Y_1")}} b {{- secret( Z ) -}}`), [
    { text: "a " },
    { secret: "X" },
    { secret: "Y_1" },
    { text: " b " },
    { secret: "Z" },
  ]);
  assert.deepEqual(secretParts("{{ env('X') }}"), [{ text: "{{ env('X') }}" }]);
  assert.deepEqual(secretParts(""), []);
});

test("blanked out, a text is as long as before", () => {
  const text = "a {{ secret('X') }} {{ y }}";
  assert.equal(withoutSecrets(text), "a _________________ {{ y }}");
});

test("a call in any other form is seen, a word in plain text is not", () => {
  for (const text of [
    "{{ secret('X') | upper }}",
    "{% if secret(x) %}",
    "{{ {'a': secret('b')} }}",
  ])
    assert.equal(callsSecret(text), true, text);
  for (const text of ["a secret (told)", "{{ my_secret(1) }}", "{{ x }} secret(", "{{ secrets }}"])
    assert.equal(callsSecret(text), false, text);
});

test("every name that a run may need, in sub-tasks, handlers and other files too", () => {
  const step = (id: string, name: string, more = {}) => ({
    id,
    type: "shell",
    command: "x",
    env: { A: `{{ secret('${name}') }}` },
    ...more,
  });
  const file = {
    name: "test",
    version: "1.0.0",
    tasks: { sub: { steps: [step("b", "B")] } },
    steps: [
      { id: "each", type: "foreach", items: [1], task: "sub" },
      step("a", "Z", { on_error: [step("h", "A")], on_cancel: [step("c", "C")] }),
      { id: "w", type: "workflow", workflow: "child" },
    ],
  };
  const child = { name: "child", version: "1.0.0", steps: [step("x", "A"), step("y", "D")] };
  const bundle = bundleOf(JSON.stringify(file), { "child.workflow.yaml": JSON.stringify(child) });
  assert.deepEqual(secretsIn(bundle), ["A", "B", "C", "D", "Z"]);
});

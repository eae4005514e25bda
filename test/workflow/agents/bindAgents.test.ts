/** Every place where a step names an agent is found by the one list of them, and bound to its key. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agentIn, agentKey } from "../../../src/workflow/agents/agentKey.ts";
import { bindAgents } from "../../../src/workflow/agents/bindAgents.ts";
import { linkBundle } from "../../../src/workflow/link.ts";
import type { Bundle } from "../../../src/workflow/workflow.ts";

const EVERYWHERE = `name: everywhere
version: 1.0.0
execution: { mode: parallel }
steps:
  - id: one
    type: delegate
    agent: "@a01"
    instructions: Ask @a01
    supervise:
      validator: "@a02"
      confidence: { agent: "@a03" }
      escalation: { reroute: ["@a04", "@a05"] }
    gates: [{ name: g, check: { agent: "@a06", criteria: good } }]
    on_error: [{ id: mend, type: delegate, agent: "@a07", instructions: x }]
    on_cancel: [{ id: undo, type: delegate, agent: "@a08", instructions: x }]
  - id: two
    type: foreach
    items: [1]
    agent: "@a09"
    supervise: { validator: "@a10" }
    steps:
      - { id: inner, type: delegate, agent: "@a11", instructions: x }
      - { id: unnamed, type: delegate, instructions: x }
  - id: three
    type: approve
    plan: x
    revise: "@a12"
    on_reject: [{ id: no, type: delegate, agent: "@a13", instructions: x }]
  - id: four
    type: approve
    plan: x
    revise: [{ id: again, type: delegate, agent: "@a14", instructions: x }]
  - id: five
    type: plan
    goal: x
    agent: "@a15"
    solver: "@a16"
    workers: [{ tool: web.search }, { agent: "@a17" }]
  - { id: six, type: worker_call, worker: w, operation: o, supervise: { confidence: { agent: "@a18" } } }
  - id: seven
    type: condition
    if: "{{ true }}"
    then: [{ id: yes, type: delegate, agent: "@a19", instructions: x }]
    else: [{ id: other, type: gate, gates: [{ name: h, check: { agent: "@a20", criteria: good } }] }]
  - id: eight
    type: parallel
    branches: [{ id: b, steps: [{ id: inside, type: delegate, agent: "@a21", instructions: x }] }]
tasks:
  sub:
    steps:
      - { id: deep, type: delegate, agent: "@a22", instructions: x }
`;

function bundleOf(text: string): Bundle {
  const linked = linkBundle({ fileName: "e.workflow.yaml", text, load: () => undefined });
  assert.deepEqual(
    linked.diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  return linked.bundle ?? assert.fail("it does not link");
}

/** The texts that are an agent's name or key and nothing else. */
function namesAnywhere(bundle: Bundle): readonly string[] {
  return [...JSON.stringify(bundle).matchAll(/"(@[^"]+)"/g)].map(([, name = ""]) => name).sort();
}

test("all of a workflow's agents are bound, wherever they are named, and nothing else changes", () => {
  const bundle = bundleOf(EVERYWHERE);
  const before = JSON.stringify(bundle);
  const names = namesAnywhere(bundle);
  assert.equal(names.length, 22);
  const bound = bindAgents(bundle, (workflow, name) => agentKey(name, workflow));
  assert.deepEqual(
    namesAnywhere(bound),
    names.map((name) => `${name}@everywhere`),
  );
  assert.equal(JSON.stringify(bundle), before);
  assert.equal(JSON.stringify(bound).replaceAll('@everywhere"', '"'), before);
});

test("a workflow that keeps its names is the same object", () => {
  const bundle = bundleOf(EVERYWHERE);
  const bound = bindAgents(bundle, (_, name) => name);
  assert.equal(bound.workflows.everywhere, bundle.workflows.everywhere);
});

test("a key says its name", () => {
  assert.equal(agentIn("@coder"), "@coder");
  assert.equal(agentIn(agentKey("@coder", "a:b (x@y/z.yaml)")), "@coder");
});

/** Which agent a name means in which workflow of a run, and by which key the run knows it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChooseAgent, chooseAgents } from "../../../src/app/launch/agents/chooseAgents.ts";
import { planInstructions } from "../../../src/run/plan/readPlan.ts";
import { linkBundle } from "../../../src/workflow/link.ts";
import type { Bundle } from "../../../src/workflow/workflow.ts";
import { loadFrom } from "../../workflow/seeds.ts";

const DELEGATE = '{ id: named, type: delegate, agent: "@coder", instructions: x }';
const UNNAMED = "{ id: unnamed, type: delegate, instructions: x }";
const CALLS = (name: string) => `{ id: call-${name}, type: workflow, workflow: ${name} }`;

interface Written {
  readonly agents?: string;
  readonly steps: readonly string[];
}

/** A bundle of these workflows; the first is the main one. */
function bundleOf(files: Readonly<Record<string, Written>>): Bundle {
  const texts = Object.entries(files).map(([name, { agents = "{}", steps }]): [string, string] => [
    `${name}.workflow.yaml`,
    `name: ${name}\nversion: 1.0.0\nagents: ${agents}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join("")}`,
  ]);
  const [[fileName, text] = ["", ""]] = texts;
  const { bundle, diagnostics } = linkBundle({ fileName, text, load: loadFrom(new Map(texts)) });
  return bundle ?? assert.fail(JSON.stringify(diagnostics));
}

/** Tells agents apart by their settings; counts how often it is asked. */
function chooser(): { readonly choose: ChooseAgent; readonly asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    choose: async (wanted, overrides) => {
      asked += 1;
      const name = wanted ?? "@task";
      const hash = JSON.stringify(overrides[name.slice(1)] ?? "catalogue");
      return {
        ok: true,
        name,
        agent: { adapter: "scripted", effects: "once", hash, why: "test" },
      };
    },
  };
}

async function chosen(bundle: Bundle, { choose } = chooser()) {
  const result = await chooseAgents(choose, bundle);
  return result.ok ? result.value : assert.fail(result.failure.message);
}

/** The agents that the steps of a workflow name, bound. */
function namedIn(bundle: Bundle, workflow: string): readonly unknown[] {
  const steps = bundle.workflows[workflow]?.steps ?? [];
  return steps.flatMap((step) => (step.kind === "delegate" ? [step.agent] : []));
}

test("each workflow's settings are its own; equal ones share one key, and what is not set is the catalogue's", async () => {
  const bundle = bundleOf({
    main: {
      agents: "{ coder: { model: m } }",
      steps: [DELEGATE, UNNAMED, ...["other", "equal", "none", "nothing"].map(CALLS)],
    },
    other: { agents: "{ coder: { model: o }, task: { model: t } }", steps: [DELEGATE, UNNAMED] },
    equal: { agents: '{ coder: { model: m }, "planner": {} }', steps: [DELEGATE, UNNAMED] },
    none: { steps: [DELEGATE, UNNAMED] },
    nothing: { steps: [DELEGATE] },
  });
  const asking = chooser();
  const made = await chosen(bundle, asking);
  const hashes = Object.entries(made.agents).map(([key, { hash }]) => [key, hash]);
  assert.deepEqual(hashes, [
    ["@coder", '{"model":"m"}'],
    ["@task", '"catalogue"'],
    ["@coder@other", '{"model":"o"}'],
    ["@task@other", '{"model":"t"}'],
    ["@coder@none", '"catalogue"'],
  ]);
  assert.equal(made.default_agent, "@task");
  assert.deepEqual(made.default_agents, { other: "@task@other" });
  assert.deepEqual(
    ["main", "other", "equal", "none", "nothing"].map((name) => namedIn(made.bundle, name)[0]),
    ["@coder", "@coder@other", "@coder", "@coder@none", "@coder@none"],
  );
  assert.equal(asking.asked(), 8, "workflows without settings are asked for once");
});

test("a name that the main file does not use is the first called workflow's", async () => {
  const bundle = bundleOf({
    main: { agents: "{ coder: { model: m } }", steps: [CALLS("only")] },
    only: { agents: "{ coder: { model: o } }", steps: [DELEGATE, UNNAMED] },
  });
  const made = await chosen(bundle);
  assert.deepEqual(Object.keys(made.agents), ["@coder", "@task"]);
  assert.equal(made.agents["@coder"]?.hash, '{"model":"o"}');
  assert.equal(made.default_agent, "@task");
  assert.equal(made.default_agents, undefined);
  assert.equal(made.bundle.workflows.only, bundle.workflows.only);
});

test("a planning agent reads of its workers by their names", async () => {
  const plan =
    '{ id: think, type: plan, goal: g, agent: "@coder", workers: [{ agent: "@coder" }] }';
  const bundle = bundleOf({
    main: { steps: [DELEGATE, CALLS("sub")] },
    sub: { agents: "{ coder: { model: o } }", steps: [plan] },
  });
  const made = await chosen(bundle);
  const [step] = made.bundle.workflows.sub?.steps ?? [];
  assert.ok(step?.kind === "plan");
  assert.equal(step.agent, "@coder@sub");
  assert.equal(step.workers[0]?.agent, "@coder@sub");
  assert.match(planInstructions("g", step), /^- @coder \(input/m);
});

test("names that every object has are agents like any other", async () => {
  const odd =
    '{ id: odd, type: delegate, agent: "@constructor", instructions: x, gates: [{ name: g, check: { agent: "@toString", criteria: c } }] }';
  const made = await chosen(
    bundleOf({ main: { steps: [CALLS("constructor")] }, constructor: { steps: [odd, UNNAMED] } }),
  );
  assert.deepEqual(Object.keys(made.agents), ["@toString", "@constructor", "@task"]);
});

/** Workflows to be debugged, and a session over them. Owns how one is opened and launched; says nothing of what it does. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { App } from "../../../src/app/app.ts";
import { type Scene, scene, workflow } from "../harness/product.ts";
import { type Client, connect } from "./client.ts";

const MAIN = workflow(
  "main",
  `
inputs:
  who: { type: string, default: you }
initial_state: { n: 1, deep: { list: [1, { x: 2 }] } }
steps:
  - { id: one, type: set_state, updates: { n: "{{ state.n + 1 }}" } }
  - id: two
    type: set_state
    updates:
      n: "{{ state.n * 10 }}"
  - id: each
    type: foreach
    items: [a, b]
    sequential: true
    steps:
      - { id: say, type: set_state, updates: { said: "{{ item }}" } }
      - { id: more, type: set_state, updates: { said: "{{ item }}!" } }
  - { id: sub, type: workflow, workflow: other, inputs: { n: "{{ state.n }}" } }
  - { id: end, type: return, value: "{{ state.n }}" }
`,
);
const OTHER = workflow(
  "other",
  `
inputs:
  n: { type: number, required: true }
steps:
  - { id: inner, type: set_state, updates: { m: "{{ inputs.n }}" } }
`,
);
const SIDES = workflow(
  "sides",
  `
steps:
  - id: both
    type: parallel
    branches:
      - { id: left, steps: [{ id: l, type: set_state, updates: { l: 1 } }, { id: l2, type: set_state, updates: { l: 2 } }] }
      - { id: right, steps: [{ id: r, type: set_state, updates: { r: 1 } }] }
  - { id: ask, type: prompt, input: confirm, message: "Well?" }
`,
);
const FAILING = workflow(
  "failing",
  `
initial_state: { command: "exit 3" }
steps:
  - { id: run, type: shell, command: ["sh", "-c", "{{ state.command }}"] }
  - { id: end, type: return, value: fine }
`,
);

const FILES = {
  "workflows/main.workflow.yaml": MAIN,
  "workflows/other.workflow.yaml": OTHER,
  "workflows/sides.workflow.yaml": SIDES,
  "workflows/failing.workflow.yaml": FAILING,
};

/** An app over those workflows, and a client of its debugger. */
export interface Place {
  readonly app: App;
  readonly made: Scene;
  readonly client: Client;
  readonly file: (name: string) => string;
}

/** A fresh one. */
export async function place(t: TestContext): Promise<Place> {
  const made = await scene(t, FILES);
  const app = await made.open();
  const file = (name: string) => `${made.workspace}/workflows/${name}.workflow.yaml`;
  return { app, made, client: connect(t, app), file };
}

/** Launches with breakpoints in the main file; resolves once the run has begun. */
export async function launch(
  { client, file }: Place,
  name: string,
  breakpoints: readonly { readonly line: number; readonly [more: string]: string | number }[],
  more: { readonly stopOnEntry?: boolean; readonly inputs?: { readonly who: string } } = {},
): Promise<void> {
  await client.ask("initialize", { adapterID: "fermata" });
  const launched = client.ask("launch", { workflow: file(name), ...more });
  await client.hear("initialized");
  await client.ask("setBreakpoints", { source: { path: file(name) }, breakpoints });
  await client.ask("configurationDone");
  await launched;
}

/** The run that there is. */
export const only = (app: App): Promise<string> =>
  app.listRuns().then(([run]) => run?.run ?? assert.fail("no run"));

/** The first of a list, or the first of that name. */
export function first(list: unknown, name?: string): Record<string, number | string> {
  const found: unknown = Array.isArray(list)
    ? list.find((each) => name === undefined || each.name === name)
    : undefined;
  return (found ?? assert.fail("an empty list")) as Record<string, number | string>;
}

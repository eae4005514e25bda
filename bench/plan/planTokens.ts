/**
 * What it takes in tokens to plan once, beside asking after each piece of evidence: the same agents and tools over the same
 * documents, through the whole product. Both must find the same and say the same, or there is no figure.
 */
import { deepStrictEqual } from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../../src/app/app.ts";
import { composeApp } from "../../src/app/compose.ts";
import { spendingOf } from "../../src/report/spending.ts";
import { isObject, type Json } from "../../src/util/json.ts";
import { withFolder } from "../product.ts";
import type { Scorecard } from "../scorecard.ts";
import { ASKING, documents, EVIDENCE, type EvidenceStep, PLANNED, rules } from "./evidenceJob.ts";

const GOAL = 0.4;
/** How many pieces of evidence a job takes, and which of the jobs is the goal's. */
const SIZES = [3, 6, 10];
const JUDGED = 6;

export async function planTokens(card: Scorecard): Promise<void> {
  card.section("Tokens of a job that is planned once / asked for at every step");
  for (const size of SIZES) {
    const steps = EVIDENCE.slice(0, size);
    const { planned, asking } = await withFolder((folder) => inBothWays(folder, steps));
    deepStrictEqual(planned.evidence, asking.evidence, "the evidence");
    deepStrictEqual(planned.answer, asking.answer, "the answer");
    card.add({
      name: `${size} pieces of evidence`,
      value: planned.tokens / asking.tokens,
      unit: "x",
      ...(size === JUDGED ? { goal: { most: GOAL } } : {}),
      more: `${planned.tokens} tokens in ${planned.calls} calls / ${asking.tokens} in ${asking.calls}`,
    });
  }
}

interface Way {
  readonly evidence: readonly Json[];
  readonly answer: Json;
  readonly tokens: number;
  readonly calls: number;
}

async function inBothWays(
  folder: string,
  steps: readonly EvidenceStep[],
): Promise<{ readonly planned: Way; readonly asking: Way }> {
  const workspace = join(folder, "work");
  await mkdir(workspace);
  const files = {
    ...documents(),
    "planned.workflow.yaml": JSON.stringify(PLANNED),
    "asking.workflow.yaml": JSON.stringify(ASKING),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text);
  const script = join(folder, "script.json");
  await writeFile(script, JSON.stringify({ rules: rules(steps) }));
  const names = ["@planner", "@solver", "@asked", "@worker"];
  const agents = Object.fromEntries(names.map((name) => [name, { adapter: "scripted", script }]));
  const env = { PATH: process.env.PATH ?? "", HOME: folder, XDG_STATE_HOME: join(folder, "state") };
  const app = await composeApp({ workspace, env, trusted: true, settings: { agents } });
  try {
    return {
      planned: await oneWay(app, "planned.workflow.yaml", steps),
      asking: await oneWay(app, "asking.workflow.yaml", steps),
    };
  } finally {
    await app.dispose();
  }
}

async function oneWay(app: App, template: string, steps: readonly EvidenceStep[]): Promise<Way> {
  const started = await app.startRun({ template, inputs: {}, startedBy: "bench" });
  if (!started.ok) throw new Error(JSON.stringify(started));
  const state = await app.settled(started.run);
  const value = state.status === "done" ? state.value : undefined;
  if (!isObject(value))
    throw new Error(`${template} ended ${state.status}: ${JSON.stringify(state.failure)}`);
  const events = await app.readEvents(started.run);
  const { input, output, attempts } = spendingOf(events, state);
  const evidence = Object.values(value.evidence ?? []) as Json[];
  for (const [at, { fact }] of steps.entries()) {
    if (!JSON.stringify(evidence[at] ?? null).includes(fact))
      throw new Error(
        `${template}: #E${at + 1} does not say ${fact}: ${JSON.stringify(evidence[at])}`,
      );
  }
  return { evidence, answer: value.answer ?? null, tokens: input + output, calls: attempts };
}

/**
 * Runs on disk as if they had been driven there: real folds of real workflows, written in the journal's own format.
 * Everything about a run follows from its number.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflate } from "../../../src/journal/blobs.ts";
import { encodeHeader, encodeRecord } from "../../../src/journal/record.ts";
import { runFolder } from "../../../src/journal/runFolder.ts";
import type { Recorded } from "../../../src/run/event.ts";
import { fold } from "../../../src/run/evolve/evolve.ts";
import type { RunState } from "../../../src/run/state.ts";
import { agentKey } from "../../../src/workflow/agents/agentKey.ts";
import { bindAgents } from "../../../src/workflow/agents/bindAgents.ts";
import { begin, bundleOf, createProgram, simulate } from "../../run/simulate.ts";
import { createRandom, type Random } from "../../simulation/random.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Where the first run begins; each next one an hour later. */
export const EPOCH = Date.UTC(2026, 2, 1);

const ENDS = ["done", "done", "done", "failed", "waiting"] as const;
const SUBJECTS = [
  "rate limits",
  "Größe der Fenster",
  "login page",
  "Rate limits again",
  "50% off_x",
];

const PROGRAM = createProgram();
/** Another agent by the same name than in the others. */
const OWN_REVIEWER = "triage";

const BUNDLES = ["release", OWN_REVIEWER, "plan:big"].map((name) =>
  bindAgents(
    bundleOf(
      JSON.stringify({
        ...{ name, version: "1.2.3", inputs: { about: { type: "string", required: true } } },
        steps: [
          { id: "draft", type: "delegate", agent: "@task", instructions: "{{ inputs.about }}" },
          {
            ...{ id: "each", type: "foreach", items: [1, 2, 3] },
            steps: [
              { id: "call", type: "delegate", agent: "@reviewer", instructions: "{{ item }}" },
            ],
          },
          { id: "ask", type: "prompt", input: "confirm", message: "Go on?" },
          { id: "build", type: "shell", command: "make" },
        ],
      }),
    ),
    (workflow, agent) =>
      workflow === OWN_REVIEWER && agent === "@reviewer" ? agentKey(agent, workflow) : agent,
  ),
);

/** The id of the run with this number. */
export function runIdOf(number: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  let id = "";
  for (let rest = number, at = 0; at < 12; at += 1, rest = Math.floor(rest / 32))
    id = `${letters[rest % 32]}${id}`;
  return `run_${id}`;
}

/** The records of the run with this number. */
export function recordsOf(number: number): readonly Recorded[] {
  const random = createRandom(number + 1);
  const bundle = pick(random, BUNDLES);
  const end = pick(random, ENDS);
  const first = begin(PROGRAM, bundle, { about: pick(random, SUBJECTS) });
  // Some models have a price that nobody knows.
  const cost = number % 4 === 3 ? {} : { cost_usd: 0.01 };
  const played = simulate(PROGRAM, [first], {
    outcome: ({ path }) =>
      path === "build" && end === "failed"
        ? { type: "failed", failure: { code: "command_failed", message: "make ended with 2" } }
        : {
            type: "completed",
            result: path === "build" ? { exit_code: 0 } : { response: "fine" },
            usage: { input_tokens: random.below(900), output_tokens: 10, ...cost },
          },
    answer: () => (end === "waiting" ? undefined : true),
  });
  const began = EPOCH + number * HOUR;
  let at = began;
  return played.records.map((record) => {
    at += record.seq === 1 ? 0 : random.below(5000);
    return { ...record, at, event: ofRun(record.event, number) };
  });
}

/** Writes the run with this number under a state folder, and gives its fold. */
export async function storeRun(state: string, number: number): Promise<RunState> {
  const run = runIdOf(number);
  const folder = runFolder(state, run);
  for (const name of ["blobs", "output", "inbox"])
    await mkdir(join(folder, name), { recursive: true });
  const records = recordsOf(number);
  const lines = records.map(({ seq, at, event }) =>
    encodeRecord({ seq, fence: 1, at }, deflate(event).text, seq - 1),
  );
  const header = encodeHeader({ run, fence: 1, at: records[0]?.at ?? 0 });
  await writeFile(join(folder, "journal.jsonl"), header + lines.join(""));
  for (const name of ["owner.1", "released.1"]) await writeFile(join(folder, name), "{}\n");
  return fold(records) ?? Promise.reject(new Error("no records"));
}

function ofRun(event: Recorded["event"], number: number): Recorded["event"] {
  if (event.type !== "run_started") return event;
  return { ...event, run: runIdOf(number), started_by: number % 2 === 0 ? "Anna" : "ben" };
}

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

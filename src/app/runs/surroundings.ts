/** What a live run acts through: its activities, opened agents, transcripts, and the ways to learn of lost attempts. */
import {
  agentRemembers,
  createAgentActivity,
  createAgentReconcile,
} from "../../activities/agent.ts";
import type { CommandDependencies } from "../../activities/command.ts";
import { inWorkspace } from "../../activities/folder.ts";
import { createGateActivity } from "../../activities/gate.ts";
import { createHttpActivity } from "../../activities/http.ts";
import { createShellActivity } from "../../activities/shell.ts";
import { createToolActivity } from "../../activities/tool.ts";
import {
  createWorkerActivity,
  createWorkerReconcile,
  type WorkerDependencies,
} from "../../activities/worker/worker.ts";
import type { Workers } from "../../activities/worker/workers.ts";
import { parseChoice } from "../../agents/agent.ts";
import type { Agents } from "../../agents/registry.ts";
import { secretsOfAgents } from "../../agents/secretTexts.ts";
import type { Activity } from "../../engine/activity.ts";
import { type Activities, guardRecordOf } from "../../engine/embedded/performer.ts";
import type { RecoveryPorts } from "../../engine/embedded/recovery.ts";
import { redacted } from "../../engine/embedded/redacted.ts";
import type { Transcripts } from "../../engine/embedded/transcripts.ts";
import type { Vault } from "../../engine/secrets.ts";
import type { ToolServers } from "../../mcp/toolServer.ts";
import { awaitGone } from "../../process/guardRecord.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityRequest } from "../../run/request.ts";
import type { RunState } from "../../run/state.ts";
import { own } from "../../util/json.ts";
import { agentIn } from "../../workflow/agents/agentKey.ts";
import { secretsIn } from "../../workflow/read/secret.ts";

export interface SurroundingsPorts {
  readonly agents: Pick<Agents, "open">;
  readonly servers: Pick<ToolServers, "describe" | "call">;
  readonly workers: Pick<Workers, "call" | "recall">;
  readonly commands: CommandDependencies;
  readonly vault: Vault;
  readonly workspace: string;
  readonly transcripts: Transcripts;
  readonly guardFolder: string;
  /** Makes a worktree again that was taken away with the run that needed it. */
  readonly restore?: (folder: string) => Promise<Failure | undefined>;
}

/** All that a live run acts through. */
export function surroundingsOf(ports: SurroundingsPorts) {
  return {
    activities: (state: RunState) => activitiesOf(ports, state),
    reconcile: (state: RunState) => reconcileOf(ports, state),
    recovery: (state: RunState) => recoveryOf(ports, state),
    transcripts: ports.transcripts,
    guardFolder: ports.guardFolder,
    workspace: ports.workspace,
  };
}

/** The activities of a run, over the agents that it chose at its start. */
function activitiesOf(ports: SurroundingsPorts, state: RunState): Activities {
  const { redact } = ports.vault;
  const ready = secretsLearner(ports.vault, state);
  const agent = createAgentActivity(agentPorts(ports, state));
  const gate = createGateActivity(ports.commands, agent, ports.restore);
  const here = <R extends ActivityRequest>(activity: Activity<R>): Activity<R> =>
    redacted(inWorkspace(activity), redact, ready);
  return {
    agent: here(agent),
    tool: here(createToolActivity({ servers: ports.servers })),
    shell: here(createShellActivity(ports.commands)),
    gate: here(gate),
    http: redacted(createHttpActivity({ secrets: ports.vault }), redact, ready),
    worker: redacted(createWorkerActivity(workersOf(ports)), redact, ready),
  };
}

/** Makes the secrets that a run names known, once: a step may print one that only another step was given. */
function secretsLearner(vault: Vault, state: RunState): () => Promise<void> {
  let learned: Promise<void> | undefined;
  const learn = async (): Promise<void> => {
    const { bundle, agents } = state.started;
    for (const name of [...secretsIn(bundle), ...secretsOfAgents(agents)])
      await vault.resolve(name);
  };
  return () => {
    learned ??= learn();
    return learned;
  };
}

/** How attempts whose host died are gone on with: only agents and workers remember. */
function reconcileOf(ports: SurroundingsPorts, state: RunState): Activity {
  const { redact } = ports.vault;
  const ready = secretsLearner(ports.vault, state);
  const agent = redacted(createAgentReconcile(agentPorts(ports, state)), redact, ready);
  const worker = redacted(createWorkerReconcile(workersOf(ports)), redact, ready);
  return async (request, context) => {
    if (request.activity === "agent") return agent(request, context);
    if (request.activity === "worker") return worker(request, context);
    const message = "What it does keeps no word of it.";
    return { type: "unknown", failure: failure("outcome_unknown", message) };
  };
}

function recoveryOf(ports: SurroundingsPorts, state: RunState): RecoveryPorts {
  const remembers = agentRemembers(agentPorts(ports, state));
  return {
    awaitGone: (path, attempt) => awaitGone(guardRecordOf(ports.guardFolder, path, attempt)),
    mayKnow: (request) =>
      request.activity === "worker" || (request.activity === "agent" && remembers(request)),
  };
}

/** Why this host, on the machine `self`, cannot drive a run, and which one can: an agent that the run chose is only there. */
export async function elsewhere(
  agents: Pick<Agents, "elsewhere">,
  state: RunState,
  self: string,
): Promise<Failure | undefined> {
  const choiceOf = choicesOf(state);
  const machine = state.started.machine === self ? undefined : state.started.machine;
  for (const key of Object.keys(state.started.agents)) {
    const choice = choiceOf(key);
    const found = choice && (await agents.elsewhere(choice, machine));
    if (found) return found;
  }
  return undefined;
}

function workersOf({ workers, vault }: SurroundingsPorts): WorkerDependencies {
  return { workers, secrets: vault };
}

function agentPorts({ agents, restore }: SurroundingsPorts, state: RunState) {
  return { agents, choices: choicesOf(state), ...(restore ? { restore } : {}) };
}

function choicesOf(state: RunState): (key: string) => ReturnType<typeof parseChoice> {
  return (key) => {
    const chosen = own(state.started.agents, key);
    return chosen === undefined ? undefined : parseChoice({ ...chosen, name: agentIn(key) });
  };
}

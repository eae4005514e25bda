/** What a live run acts through: its activities, opened agents, transcripts, and the ways to learn of lost attempts. */
import { createAgentActivity, createAgentReconcile } from "../../activities/agent.ts";
import type { CommandDependencies } from "../../activities/command.ts";
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
import type { ActivityContext, AttemptId } from "../../engine/activity.ts";
import { type Activities, guardRecordOf, memoOf } from "../../engine/embedded/performer.ts";
import type { RecoveryPorts } from "../../engine/embedded/recovery.ts";
import { redacted, redactedContext, redactOutcome } from "../../engine/embedded/redacted.ts";
import type { Transcripts } from "../../engine/embedded/transcripts.ts";
import type { Vault } from "../../engine/secrets.ts";
import type { ToolServers } from "../../mcp/toolServer.ts";
import { awaitGone } from "../../process/guardRecord.ts";
import type { Failure } from "../../run/failure.ts";
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

/** Told one short line on what happens now, while it is looked into what became of a lost attempt. */
export type LiveLine = (path: string, text: string) => void;

/** All that a live run acts through. */
export function surroundingsOf(ports: SurroundingsPorts) {
  return {
    activities: (state: RunState) => activitiesOf(ports, state),
    recovery: (state: RunState, live: LiveLine) => recoveryOf(ports, state, live),
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
  return {
    agent: redacted(agent, redact, ready),
    tool: redacted(createToolActivity({ servers: ports.servers }), redact, ready),
    shell: redacted(createShellActivity(ports.commands), redact, ready),
    gate: redacted(createGateActivity(ports.commands, agent, ports.restore), redact, ready),
    http: redacted(createHttpActivity({ secrets: ports.vault }), redact, ready),
    worker: redacted(createWorkerActivity(workersOf(ports)), redact, ready),
  };
}

/** Makes the secrets that a run names known, once: a step may print one that only another step was given. */
function secretsLearner(vault: Vault, state: RunState): () => Promise<void> {
  let learned: Promise<void> | undefined;
  const learn = async (): Promise<void> => {
    for (const name of secretsIn(state.started.bundle)) await vault.resolve(name);
  };
  return () => {
    learned ??= learn();
    return learned;
  };
}

/** How a run learns what became of attempts whose host died. */
function recoveryOf(ports: SurroundingsPorts, state: RunState, live: LiveLine): RecoveryPorts {
  return {
    awaitGone: (path, attempt) => awaitGone(guardRecordOf(ports.guardFolder, path, attempt)),
    reconcile: async (request, attempt, looking) => {
      if (looking.signal.aborted) return undefined;
      if (request.activity !== "agent" && request.activity !== "worker") return undefined;
      await secretsLearner(ports.vault, state)();
      const context = lookingContext(ports, attempt, { ...looking, live });
      const agents = agentPorts(ports, state);
      const found =
        request.activity === "worker"
          ? await createWorkerReconcile(workersOf(ports))(request, context)
          : await createAgentReconcile(agents)(request, context);
      return found && redactOutcome(ports.vault.redact, found);
    },
  };
}

/** Why this host cannot drive a run, and which one can: an agent that the run chose is only there. */
export async function elsewhere(
  agents: Pick<Agents, "elsewhere">,
  state: RunState,
): Promise<Failure | undefined> {
  const choiceOf = choicesOf(state);
  for (const key of Object.keys(state.started.agents)) {
    const choice = choiceOf(key);
    const found = choice && (await agents.elsewhere(choice, state.started.machine));
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

type Looked = Parameters<RecoveryPorts["reconcile"]>[2] & { readonly live: LiveLine };

function lookingContext(
  ports: SurroundingsPorts,
  attempt: AttemptId,
  { signal, ask, heard, live }: Looked,
): ActivityContext {
  const { redact } = ports.vault;
  const transcript = ports.transcripts.open(attempt.path, attempt.attempt);
  const output: ActivityContext["output"] = ({ kind, text }) => {
    heard();
    transcript.write({ kind, text: redact.text(text) });
  };
  const context: ActivityContext = {
    attempt,
    signal,
    workspace: ports.workspace,
    output,
    progress: (text) => {
      heard();
      live(attempt.path, text);
    },
    ask,
    guardRecord: guardRecordOf(ports.guardFolder, attempt.path, attempt.attempt),
    memo: memoOf(ports.guardFolder, attempt.path, attempt.attempt),
  };
  return redactedContext(context, redact, output);
}

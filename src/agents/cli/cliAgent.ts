/**
 * An agent that is a command-line program: one process a prompt, under the guard, its output read line by line.
 * Owns the process of a turn and what its end means when the program itself did not say. Knows no vendor: that is
 * the profile's.
 */
import type { ActivityContext } from "../../engine/activity.ts";
import { type CommandResult, runCommand } from "../../process/run.ts";
import { SpawnError } from "../../process/spawnError.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, Effects } from "../../run/request.ts";
import type { AdapterKind, Agent, AgentPrompt } from "../agent.ts";
import { failed, stopped } from "../answer.ts";

/** What is the vendor's own about a program. */
export interface CliProfile {
  readonly kind: AdapterKind;
  readonly effects: Effects;
  /** How people call it. */
  readonly title: string;
  /** What to do when the program is not there: a sentence. */
  readonly install: string;
  /** The process of one turn. */
  readonly start: (prompt: AgentPrompt, context: ActivityContext) => Promise<CliStart> | CliStart;
  /** Reads one turn's output. */
  readonly read: (context: ActivityContext) => TurnReader;
  /** Continues a turn whose end nobody saw. Absent: the program cannot. */
  readonly resume?: (prompt: AgentPrompt, context: ActivityContext) => AgentPrompt;
  /** A failed turn says that the session to continue never began. */
  readonly neverBegan?: (outcome: ActivityOutcome) => boolean;
}

export interface CliStart {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Written to the program's input, which then ends. */
  readonly input: string;
}

export interface TurnReader {
  /** One line of the program's standard output. */
  readonly line: (text: string) => void;
  /** What the turn came to by the program's own word; undefined when it gave none. */
  readonly outcome: (prompt: AgentPrompt, result: CommandResult) => ActivityOutcome | undefined;
  /** True once the program may have acted on the world. */
  readonly began: () => boolean;
}

export interface CliDependencies {
  /** Entry file of the guard, where it does not lie beside the program. */
  readonly guardScript?: string;
}

/** Characters of one output line; a longer one comes in pieces and is then no JSON. */
const LONGEST_LINE = 4 * 1024 * 1024;
const KEPT_OUTPUT = 1024 * 1024;

/** An agent over a profile. One process a prompt; aborting stops its whole tree. */
export function createCliAgent(profile: CliProfile, dependencies: CliDependencies = {}): Agent {
  const agent: Agent = {
    kind: profile.kind,
    effects: profile.effects,
    prompt: (prompt, context) => turn(profile, dependencies, prompt, context),
  };
  const { resume } = profile;
  if (resume === undefined) return agent;
  return {
    ...agent,
    reconcile: async (prompt, context) => {
      const outcome = await turn(profile, dependencies, resume(prompt, context), context);
      return profile.neverBegan?.(outcome) === true ? unknownEnd(profile) : outcome;
    },
  };
}

async function turn(
  profile: CliProfile,
  dependencies: CliDependencies,
  prompt: AgentPrompt,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  // Nothing was started yet, so nothing can have happened.
  if (context.signal.aborted) return stopped(profile.title, "repeatable");
  const reader = profile.read(context);
  try {
    const { command, env, input } = await profile.start(prompt, context);
    context.progress(`starting ${profile.title}`);
    const result = await runCommand({
      command,
      env,
      input,
      cwd: context.workspace,
      guardRecord: context.guardRecord,
      signal: context.signal,
      longestLine: LONGEST_LINE,
      maxOutputBytes: KEPT_OUTPUT,
      onLine: (stream, text) => {
        if (stream === "stdout") reader.line(text);
        else if (text.trim() !== "") context.output({ kind: "stderr", text });
      },
      ...(dependencies.guardScript === undefined ? {} : { guardScript: dependencies.guardScript }),
    });
    return judge(profile, reader, prompt, result);
  } catch (error) {
    if (error instanceof SpawnError) return failed(missing(profile, error));
    if (context.signal.aborted) return stopped(profile.title, "repeatable");
    throw error;
  }
}

function judge(
  profile: CliProfile,
  reader: TurnReader,
  prompt: AgentPrompt,
  result: CommandResult,
): ActivityOutcome {
  const said = reader.outcome(prompt, result);
  // An answer that came in full stands, even when the stop was under way.
  if (said !== undefined && (said.type === "completed" || !result.stopped)) return said;
  if (result.stopped) {
    if (result.gone === "gone")
      return stopped(profile.title, reader.began() ? profile.effects : "repeatable");
    const message = `${profile.title} was stopped, but some of its processes may still run. Look for them and end them before you go on.`;
    return { type: "unknown", failure: failure("outcome_unknown", message) };
  }
  const reason = withoutWord(profile, reader, result);
  if (reader.began() && profile.effects === "once") return { type: "unknown", failure: reason };
  return failed(reason);
}

function withoutWord(profile: CliProfile, reader: TurnReader, result: CommandResult): Failure {
  const end =
    result.signal === null
      ? result.exitCode === null
        ? "ended unseen"
        : `exited with code ${result.exitCode}`
      : `was ended by ${result.signal}`;
  const when = reader.began() ? "in the middle of its answer" : "without an answer";
  const last = tail(result.stderr) || tail(result.stdout);
  const words = last === "" ? "It printed nothing." : `It printed last: ${last}`;
  const detail = { exit_code: result.exitCode, signal: result.signal, last };
  return failure("agent_error", `${profile.title} ${end} ${when}. ${words}`, detail);
}

function missing(profile: CliProfile, error: SpawnError): Failure {
  if (error.failure.code === "internal") return error.failure;
  return failure(
    "agent_unavailable",
    `${error.failure.message} ${profile.install}`,
    error.failure.detail,
  );
}

function unknownEnd(profile: CliProfile): ActivityOutcome {
  const message = `${profile.title} does not know the session of the attempt that was cut off, so nobody can tell what it did.`;
  return { type: "unknown", failure: failure("outcome_unknown", message) };
}

function tail(text: string): string {
  const lines = text.trim().split(/\r?\n/).slice(-5).join("\n");
  return lines.length <= 600 ? lines : `...${lines.slice(-597)}`;
}

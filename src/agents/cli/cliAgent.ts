/**
 * An agent that is a command-line program: one process a prompt, under the guard, its output read line by line.
 * Owns the process of a turn and what its end means when the program itself did not say. Knows no vendor: that is
 * the profile's.
 */
import type { ActivityContext } from "../../engine/activity.ts";
import { type CommandResult, type Conversation, startCommand } from "../../process/run.ts";
import { SpawnError } from "../../process/spawnError.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, Effects } from "../../run/request.ts";
import type { AdapterKind, Agent, AgentPrompt } from "../agent.ts";
import { failed, stopped } from "../answer.ts";
import { notStarted, outcomeOfEnd } from "../program/processEnd.ts";

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
  /** Reads one turn's output, and answers what the program asks meanwhile. */
  readonly read: (context: ActivityContext, talk: Talk) => TurnReader;
  /** Continues a turn whose end nobody saw; undefined when it had no session yet. Absent: the program cannot. */
  readonly resume?: (
    prompt: AgentPrompt,
    context: ActivityContext,
  ) => Promise<AgentPrompt | undefined>;
  /** A failed turn says that the session to continue never began. */
  readonly neverBegan?: (outcome: ActivityOutcome) => boolean;
}

export interface CliStart {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Written to the program's input. */
  readonly input: string;
  /** The input stays open until the reader ends it; otherwise it ends here. */
  readonly talks?: true;
  /** How what is said goes over a line whose own end means something else. Absent: as it is. */
  readonly framing?: Framing;
  /** Milliseconds that it may take to end because its input did; see `GuardedCommand`. */
  readonly inputGraceMs?: number;
}

/** A line that carries the input of a program elsewhere. */
export interface Framing {
  readonly write: (text: string) => string;
  /** What says that the input has ended; the line stays open until the program does. */
  readonly end: string;
}

/** What a reader may say to the program. */
export interface Talk {
  /** A line on its input. */
  readonly send: (line: string) => void;
  /** Nothing more will be said. */
  readonly end: () => void;
  /** The turn makes no sense any more: stops the program; this is why. */
  readonly giveUp: (reason: Failure) => void;
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
      const again = await resume(prompt, context);
      if (again === undefined) return unknownEnd(profile);
      const outcome = await turn(profile, dependencies, again, context);
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
  const line = createTalk();
  const reader = profile.read(context, line);
  try {
    const { input, talks, framing, ...how } = await profile.start(prompt, context);
    context.progress(`starting ${profile.title}`);
    const started = await startCommand({
      ...how,
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
    line.begin(started, input, framing);
    if (!talks) line.end();
    const result = await started.ended;
    const { givenUp } = line;
    if (givenUp && !result.stopped) return { type: "unknown", failure: givenUp };
    return judge(profile, reader, prompt, result);
  } catch (error) {
    if (error instanceof SpawnError) return failed(notStarted(error, profile.install));
    if (context.signal.aborted) return stopped(profile.title, "repeatable");
    throw error;
  }
}

/** The line to a program that may not have been started yet. */
function createTalk(): Talk & {
  begin(
    started: Pick<Conversation, "input" | "stop">,
    first: string,
    framing: Framing | undefined,
  ): void;
  readonly givenUp: Failure | undefined;
} {
  let program: Pick<Conversation, "input" | "stop"> | undefined;
  let framing: Framing | undefined;
  let givenUp: Failure | undefined;
  const write = (text: string) => void program?.input.write(framing?.write(text) ?? text);
  return {
    begin: (started, first, framed) => {
      program = started;
      framing = framed;
      write(first);
    },
    send: (text) => write(`${text}\n`),
    end: () => void (framing ? program?.input.write(framing.end) : program?.input.end()),
    giveUp: (reason) => {
      givenUp ??= reason;
      program?.stop();
    },
    get givenUp() {
      return givenUp;
    },
  };
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
  const { title, effects } = profile;
  return outcomeOfEnd({ title, effects, began: reader.began(), result });
}

function unknownEnd(profile: CliProfile): ActivityOutcome {
  const message = `${profile.title} does not know the session of the attempt that was cut off, so nobody can tell what it did.`;
  return { type: "unknown", failure: failure("outcome_unknown", message) };
}

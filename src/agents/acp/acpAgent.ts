/**
 * Any agent that speaks the Agent Client Protocol: one process and one session a prompt, its questions asked in Fermata.
 * Owns the order of a turn and what its end means. Which program it is, is the table's matter.
 */
import {
  type ClientContext,
  type InitializeResponse,
  type LoadSessionResponse,
  methods,
  PROTOCOL_VERSION,
  RequestError,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
} from "@agentclientprotocol/sdk";
import type { ActivityContext } from "../../engine/activity.ts";
import type { CommandResult } from "../../process/run.ts";
import { SpawnError } from "../../process/spawnError.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, Effects, Usage } from "../../run/request.ts";
import type { JsonObject } from "../../util/json.ts";
import type { Agent, AgentPrompt } from "../agent.ts";
import { answered, failed, stopped } from "../answer.ts";
import { priced } from "../prices/prices.ts";
import { notStarted, outcomeOfEnd } from "../program/processEnd.ts";
import { CONTINUE, keepSession, keptSession } from "../program/session.ts";
import { clip } from "../program/words.ts";
import { promptText } from "../structuredOutput.ts";
import { type AcpConnection, openAcpConnection } from "./acpConnection.ts";
import { failureOf } from "./acpFailure.ts";
import { type AcpReader, createAcpReader } from "./acpReader.ts";
import { currentModel, type SessionWishes, setUp } from "./acpSession.ts";

export interface AcpOptions extends SessionWishes {
  /** How people call it. */
  readonly title: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly effects: Effects;
  /** What the agent is told about itself before every prompt. */
  readonly systemPrompt?: string;
  /** What to do when the program is not there, and when it is not logged in: a sentence each. */
  readonly install: string;
  readonly login: string;
  /** Milliseconds that it has until its session stands. */
  readonly startTimeout: number;
  readonly guardScript?: string;
  /** What models cost by the person's own word. */
  readonly prices?: () => JsonObject;
}

/** Milliseconds that an agent has to end its turn by itself once it was told to. */
const CANCEL_GRACE = 500;
/** Characters of a request that a person is shown. */
const LONGEST_REQUEST = 60_000;

/** An agent over the protocol. */
export function createAcpAgent(options: AcpOptions): Agent {
  return {
    kind: "acp",
    effects: options.effects,
    prompt: (prompt, context) => turn(options, prompt, context, undefined),
    reconcile: async (prompt, context) => {
      const session = await keptSession(context.memo);
      if (session === undefined) return unknownSession(options);
      return turn(options, { ...prompt, instructions: CONTINUE }, context, session);
    },
  };
}

async function turn(
  options: AcpOptions,
  prompt: AgentPrompt,
  context: ActivityContext,
  session: string | undefined,
): Promise<ActivityOutcome> {
  const { title, effects } = options;
  // Nothing was started yet, so nothing can have happened.
  if (context.signal.aborted) return stopped(title, "repeatable");
  const reader = createAcpReader(context);
  const givenUp = Promise.withResolvers<ActivityOutcome>();
  try {
    context.progress(`starting ${title}`);
    const connection = await openAcpConnection(processOf(options, context), {
      update: reader.take,
      result: reader.count,
      noise: (stream, line) => context.output({ kind: stream, text: clip(line) }),
      permission: (request, signal) =>
        permit({ options, context, reader }, request, signal, givenUp.resolve),
    });
    return await talk({ options, prompt, context, session, reader, connection }, givenUp.promise);
  } catch (error) {
    if (error instanceof SpawnError) return failed(notStarted(error, options.install));
    throw error;
  } finally {
    reader.end();
  }

  /** Whatever comes first: the end of the turn, of the process or of our patience; then the process is stopped. */
  async function talk(talking: Talking, over: Promise<ActivityOutcome>): Promise<ActivityOutcome> {
    const { connection } = talking;
    const work = exchange(talking);
    const cancelled = cancelledBy(context.signal);
    const first = await Promise.race([work, over, cancelled]);
    if (first === "cancelled") await leave(talking, work);
    connection.close();
    const result = await connection.ended;
    if (first !== "cancelled") return first ?? endOf(result, false);
    const late = await work;
    return late?.type === "completed" ? late : endOf(result, true);
  }

  function endOf(result: CommandResult, wasStopped: boolean): ActivityOutcome {
    const ended = { ...result, stopped: wasStopped };
    return outcomeOfEnd({ title, effects, began: reader.began(), result: ended });
  }
}

interface Talking {
  readonly options: AcpOptions;
  readonly prompt: AgentPrompt;
  readonly context: ActivityContext;
  /** The session to go on with. */
  readonly session: string | undefined;
  readonly reader: AcpReader;
  readonly connection: AcpConnection;
  /** The session of this turn, once it stands. */
  current?: string;
  /** The model of the session, by its own word. */
  model?: string;
}

/** One turn; undefined when the process ended before it did. Never rejects. */
async function exchange(talking: Talking): Promise<ActivityOutcome | undefined> {
  const { options, prompt, context, reader, connection } = talking;
  const { agent } = connection;
  try {
    const begun = await inTime(options, open(talking));
    if ("code" in begun)
      return begun.code === "outcome_unknown" ? { type: "unknown", failure: begun } : failed(begun);
    talking.current = begun.session;
    reader.begin(begun.session);
    context.progress("waiting for the model");
    const system = prompt.systemPrompt ?? options.systemPrompt;
    const text = promptText(prompt, talking.session === undefined ? system : undefined);
    const { stopReason } = await agent.request(methods.agent.session.prompt, {
      sessionId: begun.session,
      prompt: [{ type: "text", text }],
    });
    reader.end();
    return outcomeOf(options, prompt, reader, { stopReason, usage: spent(talking) });
  } catch (error) {
    if (error instanceof RequestError) return failed(failureOf(options, error), spent(talking));
    return undefined;
  }
}

/** Greets the agent and opens a session, or goes on with one. */
async function open(talking: Talking): Promise<{ readonly session: string } | Failure> {
  const { options, context, connection, session } = talking;
  const { agent } = connection;
  const hello = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    // It works on the folder itself: what it reads and writes there needs no detour through us.
    clientCapabilities: {},
    clientInfo: { name: "fermata", version: "1" },
  });
  if (hello.protocolVersion !== PROTOCOL_VERSION) return otherVersion(options, hello);
  if (session !== undefined) {
    const went = await goOn(agent, hello, session, context.workspace);
    if (!went) return noSuchSession(options);
    // What may be done without a question is the session's, and a process that starts anew may begin with another.
    const wrong = await setUp(agent, options, { sessionId: session, ...went });
    return wrong ? failure("outcome_unknown", wrong.message) : { session };
  }
  const made = await agent.request(methods.agent.session.new, {
    cwd: context.workspace,
    mcpServers: [],
  });
  if (typeof made.sessionId !== "string" || made.sessionId === "") return namelessSession(options);
  await keepSession(context.memo, made.sessionId);
  context.output({ kind: "note", text: `session ${made.sessionId}` });
  const model = currentModel(made);
  if (model !== undefined) talking.model = model;
  const wrong = await setUp(agent, options, made);
  return wrong ?? { session: made.sessionId };
}

/** What the agent says of a session that it goes on with; undefined when it cannot. */
async function goOn(
  agent: ClientContext,
  { agentCapabilities = {} }: InitializeResponse,
  sessionId: string,
  cwd: string,
): Promise<LoadSessionResponse | undefined> {
  const request = { sessionId, cwd, mcpServers: [] };
  // Agents of an earlier day answer with nothing.
  if (agentCapabilities.sessionCapabilities?.resume)
    return (await agent.request(methods.agent.session.resume, request)) ?? {};
  if (agentCapabilities.loadSession)
    return (await agent.request(methods.agent.session.load, request)) ?? {};
  return undefined;
}

/** Asks a person what the agent asks, and tells the agent. Where nobody can be asked the turn is given up. */
async function permit(
  { options: { title }, context, reader }: Pick<Talking, "options" | "context" | "reader">,
  request: RequestPermissionRequest,
  signal: AbortSignal,
  giveUp: (outcome: ActivityOutcome) => void,
): Promise<RequestPermissionResponse> {
  const what = reader.asked(request.toolCall);
  const message = `${title} asks: ${clip(what, LONGEST_REQUEST)}`;
  const options = request.options.map(({ optionId: id, name, kind }) => ({
    id,
    label: name,
    kind,
  }));
  const reply = await context.ask({ message, options }, signal);
  if (reply.kind === "permission" && reply.decision !== "dismiss")
    return { outcome: { outcome: "selected", optionId: reply.option } };
  if (reply.kind === "none" && !signal.aborted && !context.signal.aborted) {
    const said = `${title} asked for permission, and nobody could be asked. ${reply.reason}`;
    giveUp({ type: "unknown", failure: failure("agent_error", said) });
  }
  return { outcome: { outcome: "cancelled" } };
}

/** What the turn used, at the price of its model where the agent says none. */
function spent({ options, reader, model }: Talking): Usage | undefined {
  const usage = reader.usage();
  return usage && priced(usage, options.model ?? model ?? "", options.prices?.());
}

function outcomeOf(
  { title }: AcpOptions,
  prompt: AgentPrompt,
  reader: AcpReader,
  { stopReason, usage }: { readonly stopReason: string; readonly usage: Usage | undefined },
): ActivityOutcome {
  if (stopReason === "end_turn" && reader.answer() === "" && !reader.acted()) {
    const message = `${title} ended its turn without a word. Look at its transcript, and ask again.`;
    return failed(failure("agent_error", message), usage);
  }
  if (stopReason === "end_turn") {
    return answered(prompt, {
      response: reader.answer(),
      agentUsed: title,
      filesChanged: reader.changed(),
      ...(usage === undefined ? {} : { usage }),
    });
  }
  const why: Readonly<Record<string, string>> = {
    max_tokens: "reached its limit of tokens. Ask for less at once, or raise its limit.",
    max_turn_requests: "made as many requests in one turn as it may. Ask for less at once.",
    refusal: "refused to go on. Look at its transcript, and ask otherwise.",
    cancelled: "ended its turn, because what it asked permission for was dismissed.",
  };
  const message = `${title} ${why[stopReason] ?? `ended its turn: ${stopReason}.`}`;
  return failed(failure("agent_error", message, { stop_reason: stopReason }), usage);
}

/** Tells the agent to end its turn, and gives it a moment for that. */
async function leave(
  { connection, current }: Talking,
  work: Promise<ActivityOutcome | undefined>,
): Promise<void> {
  if (current === undefined) return;
  const told = connection.agent
    .notify(methods.agent.session.cancel, { sessionId: current })
    .catch(() => undefined);
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CANCEL_GRACE);
  await Promise.race([told.then(() => work), late]);
  clearTimeout(timer);
}

async function inTime<T>(
  { title, startTimeout }: AcpOptions,
  work: Promise<T>,
): Promise<T | Failure> {
  const { promise: late, resolve } = Promise.withResolvers<Failure>();
  const seconds = startTimeout / 1000;
  const message = `${title} did not open a session within ${seconds} s. Start it by hand to see why, or raise start_timeout in the agent's settings.`;
  const timer = setTimeout(() => resolve(failure("agent_error", message)), startTimeout);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function cancelledBy(signal: AbortSignal): Promise<"cancelled"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("cancelled");
    else signal.addEventListener("abort", () => resolve("cancelled"), { once: true });
  });
}

function processOf(options: AcpOptions, context: ActivityContext) {
  const { command, env, guardScript } = options;
  return {
    command,
    env,
    cwd: context.workspace,
    guardRecord: context.guardRecord,
    ...(guardScript === undefined ? {} : { guardScript }),
  };
}

function otherVersion({ title }: AcpOptions, { protocolVersion }: InitializeResponse): Failure {
  const message = `${title} speaks version ${protocolVersion} of the Agent Client Protocol, Fermata version ${PROTOCOL_VERSION}. Update whichever is older.`;
  return failure("agent_unavailable", message);
}

function noSuchSession({ title }: AcpOptions): Failure {
  return failure("outcome_unknown", `${title} cannot go on with a session.`);
}

function namelessSession({ title }: AcpOptions): Failure {
  const message = `${title} opened a session without saying its name, so that nothing can be asked in it. Update it, or choose another agent.`;
  return failure("agent_error", message);
}

function unknownSession({ title }: AcpOptions): ActivityOutcome {
  const message = `${title} had no session yet when its attempt was cut off, or nobody knows its name.`;
  return { type: "unknown", failure: failure("outcome_unknown", message) };
}

/**
 * An agent that speaks the Agent Client Protocol as its one argument says (JSON): what it can do, and what it does in a
 * turn, step by step. Writes every request that it gets to `peer.log` in its folder. Uses no library of the protocol.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

export interface PeerScript {
  readonly version?: number;
  readonly capabilities?: object;
  /** More fields of the answer to `session/new`. */
  readonly session?: object;
  /** The answer to `session/load` and `session/resume`. */
  readonly loaded?: object;
  /** Sent while an old session is loaded. */
  readonly replay?: readonly object[];
  /** An error in place of the answer to a method. */
  readonly refuse?: Readonly<Record<string, { readonly code: number; readonly message: string }>>;
  readonly turn?: readonly Step[];
  /** What it does in a session that it goes on with; absent: the same. */
  readonly again?: readonly Step[];
}

type Step =
  | { readonly update: object; readonly in?: string }
  /** Asks; an answer that is not the first option ends the turn as cancelled. */
  | { readonly ask: object }
  /** Writes a file of its folder. */
  | { readonly write: string; readonly text: string }
  /** Says nothing more, and heeds neither a cancel nor a polite signal. Its process number is in `hung`. */
  | { readonly hang: true }
  /** Waits until it is told to cancel. */
  | { readonly cancel: true }
  | { readonly stop: string; readonly more?: object };

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string };
  readonly result?: { readonly outcome?: { readonly optionId?: string } };
}

const script: PeerScript = JSON.parse(process.argv[2] ?? "{}");
const SESSION = "sess_1";
let asked: ((optionId: string | undefined) => void) | undefined;
let cancel: (() => void) | undefined;
let steps = script.turn ?? [];

createInterface({ input: process.stdin }).on("line", (line) => {
  const message: Message = JSON.parse(line);
  appendFileSync("peer.log", `${line}\n`);
  if (message.method === undefined) return asked?.(message.result?.outcome?.optionId);
  void handle(message);
});

async function handle({ id, method }: Message): Promise<void> {
  const refused = script.refuse?.[method ?? ""];
  if (refused) return send({ id, error: refused });
  switch (method) {
    case "initialize":
      return answer(id, {
        protocolVersion: script.version ?? 1,
        agentCapabilities: script.capabilities ?? {},
      });
    case "session/new":
      return answer(id, { sessionId: SESSION, ...script.session });
    case "session/resume":
      steps = script.again ?? steps;
      return answer(id, script.loaded ?? {});
    case "session/load":
      for (const update of script.replay ?? []) tell(update);
      return answer(id, script.loaded ?? {});
    case "session/prompt":
      return answer(id, await turn());
    case "session/cancel":
      return cancel?.();
    default:
      return answer(id, {});
  }
}

async function turn(): Promise<object> {
  for (const step of steps) {
    if ("update" in step) tell(step.update, step.in);
    else if ("write" in step) writeFileSync(step.write, step.text);
    else if ("hang" in step) await hang();
    else if ("cancel" in step)
      await new Promise<void>((resolve) => {
        cancel = resolve;
      });
    else if ("stop" in step) return { stopReason: step.stop, ...step.more };
    else if ((await ask(step.ask)) === undefined) return { stopReason: "cancelled" };
  }
  return { stopReason: "end_turn" };
}

function hang(): Promise<never> {
  process.on("SIGTERM", () => undefined);
  // Its input ends when it is left alone, and so would it.
  setInterval(() => undefined, 1_000);
  writeFileSync("hung", String(process.pid));
  return new Promise(() => undefined);
}

function ask(params: object): Promise<string | undefined> {
  return new Promise((resolve) => {
    asked = resolve;
    send({
      id: 77,
      method: "session/request_permission",
      params: { sessionId: SESSION, ...params },
    });
  });
}

function tell(update: object, sessionId = SESSION): void {
  send({ method: "session/update", params: { sessionId, update } });
}

function answer(id: number | undefined, result: object): void {
  send({ id, result });
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

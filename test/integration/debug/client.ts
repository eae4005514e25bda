/**
 * A client of the debug protocol for tests: asks, hears, and keeps the traffic as text. Speaks to the adapter itself, with
 * nothing of an editor between.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { App } from "../../../src/app/app.ts";
import { createDebugAdapter } from "../../../src/app/debug/debugAdapter.ts";
import { isObject, type Json, type JsonObject } from "../../../src/util/json.ts";

export interface Client {
  /** Asks; the answer's body. Fails the test when it is refused. */
  ask(command: string, args?: JsonObject): Promise<JsonObject>;
  /** Asks for what must be refused; why it was. */
  refused(command: string, args?: JsonObject): Promise<string>;
  /** Asks for what must be refused; whether a client is to show that at once. */
  refusedAloud(command: string, args?: JsonObject): Promise<boolean>;
  /** The next event of a name that was not heard yet; what came before it is passed over. */
  hear(event: string): Promise<JsonObject>;
  /** The names of the stack of a thread, where it stands first, with their lines. */
  stack(thread?: number): Promise<string>;
  /** The variables of a scope of the innermost step, as `name = value`. */
  scope(name: string, thread?: number): Promise<readonly string[]>;
  /** Everything that was said so far: `>` asked, `<` answered, `*` told. */
  traffic(): string;
  dispose(): void;
}

/** How long a test waits for an event, in ms. */
const PATIENCE = 60_000;

/** An app that may be opened anew while a client is connected. */
export interface Reopened {
  readonly app: () => App;
  readonly onReopened: (listener: () => void) => () => void;
}

export function connect(test: TestContext, given: App | Reopened, session = "s"): Client {
  const faults: unknown[] = [];
  const adapter = createDebugAdapter({
    ...("onReopened" in given ? given : { app: () => given, onReopened: () => () => undefined }),
    me: "ann",
    session,
    now: Date.now,
    fault: (error) => faults.push(error),
  });
  const lines: string[] = [];
  const events: { readonly event: string; readonly body: JsonObject }[] = [];
  const waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  let wake: () => void = () => undefined;
  let seq = 0;
  adapter.onDidSendMessage((message) => {
    const said: JsonObject = JSON.parse(JSON.stringify(message));
    if (said.type === "event") {
      const body = isObject(said.body) ? said.body : {};
      lines.push(`* ${said.event} ${JSON.stringify(body)}`);
      events.push({ event: String(said.event), body });
      wake();
      return;
    }
    const response = said as unknown as DebugProtocol.Response;
    lines.push(
      `< ${response.command} ${JSON.stringify(response.success ? (response.body ?? {}) : response.message)}`,
    );
    waiting.get(response.request_seq)?.(response);
  });
  const send = (command: string, args: JsonObject): Promise<DebugProtocol.Response> => {
    seq += 1;
    const request = { seq, type: "request", command, arguments: args };
    lines.push(`> ${command} ${JSON.stringify(args)}`);
    const answer = new Promise<DebugProtocol.Response>((resolve) => waiting.set(seq, resolve));
    adapter.handleMessage(request);
    return answer;
  };
  const ask: Client["ask"] = async (command, args = {}) => {
    const { success, message, body } = await send(command, args);
    assert.ok(success, `${command}: ${message}\n${lines.join("\n")}`);
    return isObject(body) ? body : {};
  };
  const refuse = async (command: string, args: JsonObject): Promise<DebugProtocol.Response> => {
    const response = await send(command, args);
    assert.ok(!response.success, `${command} was not refused`);
    return response;
  };
  const list = (body: JsonObject, key: string): readonly JsonObject[] => {
    const found: Json | undefined = body[key];
    return Array.isArray(found) ? found.filter(isObject) : assert.fail(`no ${key}`);
  };
  test.after(() => {
    adapter.dispose();
    assert.deepEqual(faults, []);
  });
  return {
    ask,
    refused: async (command, args = {}) => (await refuse(command, args)).message ?? "",
    refusedAloud: async (command, args = {}) =>
      (await refuse(command, args)).body?.error?.showUser === true,
    hear: async (event) => {
      const late = Date.now() + PATIENCE;
      for (;;) {
        const at = events.findIndex((each) => each.event === event);
        if (at >= 0) return events.splice(0, at + 1).at(-1)?.body ?? {};
        if (Date.now() > late) assert.fail(`no ${event}\n${lines.join("\n")}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, PATIENCE);
        await promise;
        clearTimeout(timer);
      }
    },
    stack: async (threadId = 1) => {
      const frames = list(await ask("stackTrace", { threadId }), "stackFrames");
      return frames.map(({ name, line }) => `${name}:${line}`).join(" < ");
    },
    scope: async (name, threadId = 1) => {
      const [top] = list(await ask("stackTrace", { threadId }), "stackFrames");
      const scopes = list(await ask("scopes", { frameId: top?.id ?? 0 }), "scopes");
      const scope = scopes.find((each) => each.name === name) ?? assert.fail(`no scope ${name}`);
      const { variablesReference = 0 } = scope;
      const variables = list(await ask("variables", { variablesReference }), "variables");
      return variables.map((each) => `${each.name} = ${each.value}`);
    },
    traffic: () => lines.join("\n"),
    dispose: () => adapter.dispose(),
  };
}

/**
 * The debug adapter: messages of the debug protocol in, messages out. Owns one session and its end.
 * Knows no editor: whoever speaks the protocol can be its client.
 */
import { DebugSession, Event, Response } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DebuggedRun, type DebugPorts, Refusal } from "./debuggedRun.ts";
import { requestsOf } from "./requests.ts";

export type { DebugPorts } from "./debuggedRun.ts";

/** An adapter for one session. `dispose` ends it, and with it all its stops. */
export function createDebugAdapter(ports: DebugPorts): DebugSession {
  return new DebugAdapter(ports);
}

const GOING = new Set(["continue", "next", "stepIn", "stepOut", "restartFrame", "setVariable"]);

/**
 * A client shows why one of these was refused. Of the others it tells in its own way: in a dialog, where a value stands, or
 * not at all when it only tried, as with what lies under the mouse.
 */
const SHOWN = new Set([
  ...["continue", "next", "stepIn", "stepOut", "pause", "restartFrame"],
  ...["terminate", "disconnect"],
]);

type Handle = (args: unknown) => Promise<object | undefined>;

class DebugAdapter extends DebugSession {
  private readonly debugged: DebuggedRun;
  private readonly requests: Readonly<Record<string, Handle>>;
  private readonly fault: DebugPorts["fault"];
  /** Requests under way that let something go on: what comes of them is told after their answers. */
  private going = 0;
  private held: Event[] = [];

  constructor(ports: DebugPorts) {
    super();
    this.fault = ports.fault;
    this.debugged = new DebuggedRun(ports, (event, body) => this.say(new Event(event, body)));
    const ready = (): void => this.sendEvent(new Event("initialized"));
    // The edge of the protocol: a command's arguments are what the protocol says of it.
    this.requests = requestsOf(ports, this.debugged, ready) as unknown as typeof this.requests;
  }

  override dispose(): void {
    void this.debugged.close();
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const handle = Object.hasOwn(this.requests, request.command)
      ? this.requests[request.command]
      : undefined;
    const goes = GOING.has(request.command);
    if (goes) this.going += 1;
    const answer = handle
      ? handle(request.arguments)
      : Promise.reject(new Refusal(`Fermata's debugger knows no ${request.command}.`));
    answer
      .then(
        (body) => this.respond(request, body),
        (error: unknown) => this.refuse(request, error),
      )
      .finally(() => goes && this.release());
  }

  private say(event: Event): void {
    if (this.going > 0) this.held.push(event);
    else this.sendEvent(event);
  }

  private release(): void {
    this.going -= 1;
    if (this.going > 0) return;
    for (const event of this.held.splice(0)) this.sendEvent(event);
  }

  private respond(request: DebugProtocol.Request, body: object | undefined): void {
    this.sendResponse({ ...new Response(request), ...(body ? { body } : {}) });
  }

  private refuse(request: DebugProtocol.Request, error: unknown): void {
    if (!(error instanceof Refusal)) this.fault(error);
    const message = error instanceof Error ? error.message : String(error);
    // The braces of a message would stand for variables of it.
    const format = message.replaceAll("{", "(").replaceAll("}", ")");
    const shown = SHOWN.has(request.command) ? { showUser: true } : {};
    this.sendErrorResponse(new Response(request), { id: 1, format, ...shown });
  }
}

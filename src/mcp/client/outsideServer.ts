/**
 * An outside MCP server as a `ToolServer`. Owns one call from the run's request to its outcome; must not know
 * transports, or whether the workspace may do this at all.
 */
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import type { ToolCall, ToolServer } from "../toolServer.ts";
import { Link, type LinkOptions } from "./link.ts";

/** Name of the request's metadata under which a server finds the task's idempotency key. */
export const KEY_META = "fermata/idempotencyKey";

/** Makes the server; nothing is started before its tools are asked for. */
export function createOutsideServer(options: LinkOptions): ToolServer {
  const { name } = options.config;
  const link = new Link(options);
  return {
    name,
    status: () => link.status,
    tools: async (signal) => {
      const listed = await link.listed(signal);
      if ("code" in listed) return { type: "failed", failure: listed };
      return { type: "tools", tools: listed.infos };
    },
    call: (call) => callOnce(name, link, call),
    dispose: () => link.dispose(),
  };
}

/** Timers hold 32 bits; no call waits for longer than this. */
const FOREVER_MS = 2_147_483_647;

async function callOnce(server: string, link: Link, call: ToolCall): Promise<ActivityOutcome> {
  const { tool, parameters, key, signal, timeoutMs } = call;
  const deadline =
    timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.min(timeoutMs, FOREVER_MS));
  const stop = deadline === undefined ? signal : AbortSignal.any([signal, deadline]);
  const connection = await link.connected(stop);
  const listed = "code" in connection ? connection : await link.listed(stop);
  if ("code" in connection) return notCalled(connection, stop);
  if ("code" in listed) return notCalled(listed, stop);
  const { answered, unanswered } = await import("./callOutcome.ts");
  if (stop.aborted) {
    const message = `Stopped before \`${server}.${tool}\` was called.`;
    return notCalled(failure("cancelled", message), stop);
  }
  const outputSchema = listed.outputSchemas.get(tool);
  const called = { server, tool, ...(outputSchema !== undefined && { outputSchema }) };
  try {
    const result = await connection.client.callTool(
      { name: tool, arguments: { ...parameters }, _meta: { [KEY_META]: key } },
      { signal: stop, timeout: FOREVER_MS, ...progressOption(call) },
    );
    return answered(called, result);
  } catch (error) {
    const end = connection.end();
    const evidence = end === "" ? "" : ` ${end}`;
    const outcome = unanswered({
      ...called,
      error,
      aborted: stop.aborted,
      late: isLate(stop),
      evidence,
    });
    const lost = outcome.type !== "completed" && outcome.failure.code === "network";
    if (lost && !stop.aborted) link.drop(connection);
    return outcome;
  }
}

function isLate({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof Error && reason.name === "TimeoutError";
}

/** Nothing was sent, so that the failure is certain. */
function notCalled(reported: Failure, stop: AbortSignal): ActivityOutcome {
  const late = reported.code === "cancelled" && isLate(stop);
  return {
    type: "failed",
    failure: late ? failure("timeout", reported.message, reported.detail) : reported,
  };
}

interface Progress {
  readonly message?: string | undefined;
  readonly progress: number;
  readonly total?: number | undefined;
}

function progressOption({ progress: tell }: ToolCall) {
  if (tell === undefined) return {};
  const describe = ({ message, progress, total }: Progress) =>
    message ?? (total === undefined ? `${progress}` : `${progress} of ${total}`);
  return { onprogress: (progress: Progress) => tell(describe(progress)) };
}

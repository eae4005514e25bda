/**
 * What agents, workers and tool servers are and say of themselves, for whoever looks. What stands behind an address may say back
 * the key that it was shown. Owns that all of it passes the redactor.
 */
import type { Workers } from "../activities/worker/workers.ts";
import type { Agents } from "../agents/registry.ts";
import type { Redactor } from "../engine/secrets.ts";
import type { ToolServers } from "../mcp/toolServer.ts";
import type { App } from "./app.ts";
import { listAgents, listTools, serverProblems } from "./launch/names.ts";

export interface Tellers {
  readonly agents: Agents;
  readonly workers: Pick<Workers, "list">;
  readonly servers: ToolServers;
  /** Resolves once programs can be looked for. */
  readonly ready: () => Promise<unknown>;
  /** The whole name of a file of the workspace. */
  readonly fullName: (file: string) => string;
}

/** How long `doctor` waits for a tool server to start, in ms. */
const SERVER_PATIENCE = 15_000;

/** Everything that they say, redacted. */
export function toldBy(redact: Redactor, tellers: Tellers) {
  const { agents, workers, servers, ready, fullName } = tellers;
  const clean = <T>(said: T): T => redact.json(JSON.parse(JSON.stringify(said)));
  const listed: Pick<App, "listAgents" | "listWorkers" | "listTools"> = {
    listAgents: async (how) => {
      await ready();
      return clean(await listAgents(agents, fullName, how));
    },
    listWorkers: async (how) => clean(await workers.list(how)),
    listTools: async () => clean(await listTools(servers)),
  };
  return {
    listed,
    agents: async () => clean(await agents.doctor()),
    servers: async () => clean(await servers.connectAll(AbortSignal.timeout(SERVER_PATIENCE))),
    serverProblems: () => clean(serverProblems(servers, fullName)),
  };
}

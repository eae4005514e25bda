/**
 * Every tool server of a workspace under its name: the built-in ones and those of its MCP configuration.
 * Owns names, trust and what happens when the configuration changes; must not know protocols. A configured server
 * takes the place of a built-in one of its name.
 */
import { join } from "node:path";
import type { Vault } from "../engine/secrets.ts";
import { type Failure, failure } from "../run/failure.ts";
import { closest } from "../workflow/closest.ts";
import { type FileDiagnostic, formatDiagnostic, formatPosition } from "../workflow/diagnostic.ts";
import type { Worktrees } from "../worktrees/worktrees.ts";
import { createMemoryServer } from "./builtin/memory.ts";
import { openMemoryStore } from "./builtin/memoryStore.ts";
import { createWebServer } from "./builtin/web.ts";
import { createWorkspaceServer } from "./builtin/workspace.ts";
import { createWorktreeServer } from "./builtin/worktree.ts";
import { createOutsideServer } from "./client/outsideServer.ts";
import type { SpawnServer } from "./client/stdioTransport.ts";
import type { ServerConfig } from "./config.ts";
import { readMcpConfig } from "./configFiles.ts";
import type {
  Described,
  ServerState,
  ServerStatus,
  ToolInfo,
  ToolServer,
  ToolServers,
} from "./toolServer.ts";

export interface ToolServersOptions {
  /** Absolute path. */
  readonly workspace: string;
  /** Folder of this workspace's state; `memory.jsonl` is kept in it. */
  readonly stateFolder: string;
  /** Whether the person trusts the workspace; asked each time. Untrusted: no process, no connection, no answer. */
  readonly trusted: () => boolean;
  readonly settings: { readonly searchEndpoint?: string };
  /** `spawnGuarded` of `process/spawn.ts`. */
  readonly spawn: SpawnServer;
  /** Our own environment: servers get the harmless part of it, and what their settings name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gives the values of secrets that settings name. */
  readonly secrets?: Pick<Vault, "resolve">;
  /** Gives tasks worktrees; absent: there is no server `worktree`. */
  readonly worktrees?: Worktrees;
  /** Our own version, told to servers. */
  readonly version: string;
  /** Milliseconds for the start of a server, the download of its package included. Default 60,000. */
  readonly startTimeoutMs?: number;
}

/** Reads the configuration and makes the servers; starts none of them. */
export async function openToolServers(options: ToolServersOptions): Promise<ToolServers> {
  const directory = createDirectory(options);
  await directory.refresh();
  const find = (tool: string): Found => {
    if (!options.trusted()) return missing(untrusted(tool));
    const dot = tool.indexOf(".");
    if (dot < 1 || dot === tool.length - 1) return missing(misnamed(tool));
    const entry = directory.entries().get(tool.slice(0, dot));
    if (entry === undefined)
      return missing(unknownServer(tool.slice(0, dot), directory.entries().keys()));
    if (entry.server === undefined) return missing(brokenServer(entry.config));
    return { type: "found", server: entry.server, tool: tool.slice(dot + 1) };
  };
  const states = () => [...directory.entries()].map(([name, entry]) => stateOf(name, entry));
  return {
    names: async () => {
      await directory.refresh();
      return [...directory.entries().keys()].sort();
    },
    builtInTools: async () => {
      const builtIn = [...directory.entries().values()].filter(
        ({ config }) => config === undefined,
      );
      const listed = await Promise.all(builtIn.map(({ server }) => toolsOf(server)));
      return listed.flatMap((tools) => tools.map(([name]) => name)).sort();
    },
    describe: async (tool, signal) => {
      await directory.refresh();
      const found = find(tool);
      return found.type === "failed" ? found : await describe(found, signal);
    },
    call: async (tool, call) => {
      const found = find(tool);
      if (found.type === "failed") return found;
      const release = directory.hold(found.server);
      return await found.server.call({ ...call, tool: found.tool }).finally(release);
    },
    catalogue: async (signal) => {
      await directory.refresh();
      const entries = [...directory.entries().values()].filter(
        ({ config }) => config === undefined || options.trusted(),
      );
      const listed = await Promise.all(entries.map(({ server }) => toolsOf(server, signal)));
      return new Map(listed.flat());
    },
    states,
    connectAll: async (signal) => {
      await directory.refresh();
      const servers = options.trusted() ? [...directory.entries().values()] : [];
      await Promise.all(servers.map(({ server }) => server?.tools(signal)));
      return states();
    },
    diagnostics: () => directory.diagnostics(),
    dispose: () => directory.dispose(),
  };
}

async function toolsOf(
  server: ToolServer | undefined,
  signal?: AbortSignal,
): Promise<readonly (readonly [string, ToolInfo])[]> {
  const found = await server?.tools(signal);
  if (server === undefined || found?.type !== "tools") return [];
  return found.tools.map((tool) => [`${server.name}.${tool.name}`, tool] as const);
}

type Found =
  | { readonly type: "found"; readonly server: ToolServer; readonly tool: string }
  | { readonly type: "failed"; readonly failure: Failure };

type Entry =
  | {
      readonly config?: ServerConfig;
      readonly server: ToolServer;
      readonly replacesBuiltIn: boolean;
    }
  | {
      readonly config: ServerConfig & { readonly kind: "broken" };
      readonly server?: undefined;
      readonly replacesBuiltIn: boolean;
    };

interface Directory {
  readonly entries: () => ReadonlyMap<string, Entry>;
  readonly diagnostics: () => readonly FileDiagnostic[];
  /** Reads the configuration again; servers whose settings are as before stay as they are. */
  readonly refresh: () => Promise<void>;
  /** Keeps a server from being closed until released, although the configuration drops it. */
  readonly hold: (server: ToolServer) => () => void;
  readonly dispose: () => Promise<void>;
}

function createDirectory(options: ToolServersOptions): Directory {
  const builtIns = builtInServers(options);
  let entries = new Map<string, Entry>();
  let diagnostics: readonly FileDiagnostic[] = [];
  let closed = false;
  const held = new Map<ToolServer, number>();
  const retired = new Set<ToolServer>();
  const closeRetired = () => {
    for (const server of retired) {
      if ((held.get(server) ?? 0) > 0) continue;
      retired.delete(server);
      void server.dispose();
    }
  };
  return {
    entries: () => entries,
    diagnostics: () => diagnostics,
    refresh: async () => {
      const config = await readMcpConfig(options.workspace);
      if (closed) return;
      diagnostics = config.diagnostics;
      const before = entries;
      entries = entriesOf({ options, builtIns, configs: config.servers, before });
      const kept = new Set([...entries.values()].map((entry) => entry.server));
      for (const { server, config: old } of before.values()) {
        if (server !== undefined && old !== undefined && !kept.has(server)) retired.add(server);
      }
      closeRetired();
    },
    hold: (server) => {
      held.set(server, (held.get(server) ?? 0) + 1);
      return () => {
        held.set(server, (held.get(server) ?? 0) - 1);
        closeRetired();
      };
    },
    dispose: async () => {
      closed = true;
      const servers = [...entries.values()].map((entry) => entry.server);
      entries = new Map();
      await Promise.all([...servers, ...retired].map((server) => server?.dispose()));
    },
  };
}

function builtInServers({
  workspace,
  stateFolder,
  settings,
  worktrees,
}: ToolServersOptions): readonly ToolServer[] {
  const web = {
    workspace,
    get endpoint() {
      return settings.searchEndpoint ?? "";
    },
  };
  return [
    createMemoryServer(openMemoryStore(join(stateFolder, "memory.jsonl"))),
    createWebServer(web),
    createWorkspaceServer(workspace),
    ...(worktrees ? [createWorktreeServer(worktrees)] : []),
  ];
}

interface Change {
  readonly options: ToolServersOptions;
  readonly builtIns: readonly ToolServer[];
  readonly configs: readonly ServerConfig[];
  readonly before: ReadonlyMap<string, Entry>;
}

function entriesOf({ options, builtIns, configs, before }: Change): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const server of builtIns) entries.set(server.name, { server, replacesBuiltIn: false });
  for (const config of configs) {
    const replacesBuiltIn = builtIns.some((server) => server.name === config.name);
    const known = before.get(config.name);
    if (config.kind === "broken") entries.set(config.name, { config, replacesBuiltIn });
    else if (known?.server !== undefined && isSame(known.config, config)) {
      entries.set(config.name, { ...known, config });
    } else {
      const server = createOutsideServer({ ...options, config });
      entries.set(config.name, { config, server, replacesBuiltIn });
    }
  }
  return entries;
}

/** A server that only moved within its file is the same server. */
function isSame(one: ServerConfig | undefined, other: ServerConfig): boolean {
  if (one === undefined) return false;
  const { at: _one, ...settings } = one;
  const { at: _other, ...otherSettings } = other;
  return JSON.stringify(settings) === JSON.stringify(otherSettings);
}

async function describe(
  found: Found & { type: "found" },
  signal?: AbortSignal,
): Promise<Described> {
  const { server, tool } = found;
  const listed = await server.tools(signal);
  if (listed.type === "failed") return listed;
  const info = listed.tools.find((one) => one.name === tool);
  if (info !== undefined) return { type: "tool", server: server.name, info };
  const known = listed.tools.map((one) => one.name);
  const meant = closest(tool, known);
  const hint = meant === undefined ? "" : ` Did you mean \`${server.name}.${meant}\`?`;
  const message = `The tool server \`${server.name}\` has no tool \`${tool}\`.${hint} It has: ${known.join(", ")}.`;
  const suggestion = meant === undefined ? {} : { suggestion: `${server.name}.${meant}` };
  return missing(failure("tool_unavailable", message, { known, ...suggestion }));
}

function stateOf(name: string, { config, server, replacesBuiltIn }: Entry): ServerState {
  const origin =
    config === undefined ? "built-in" : formatPosition(config.at.fileName, config.at.range.start);
  const status: ServerStatus =
    server === undefined ? { status: "failed", failure: brokenServer(config) } : server.status();
  return { name, origin, replacesBuiltIn, status };
}

function missing(reported: Failure): { readonly type: "failed"; readonly failure: Failure } {
  return { type: "failed", failure: reported };
}

function untrusted(tool: string): Failure {
  const message = `\`${tool}\` is not called: this workspace is not trusted. Trust it, then try again.`;
  return failure("untrusted", message);
}

function misnamed(tool: string): Failure {
  return failure(
    "tool_unavailable",
    `\`${tool}\` names no tool: write \`server.tool\`, such as \`memory.save\`.`,
  );
}

function unknownServer(name: string, names: Iterable<string>): Failure {
  const known = [...names].sort();
  const meant = closest(name, known);
  const hint =
    meant === undefined
      ? " Add it to .mcp.json, or use one of these"
      : ` Did you mean \`${meant}\`? Known`;
  const message = `There is no tool server \`${name}\`.${hint}: ${known.join(", ")}.`;
  return failure("tool_unavailable", message, {
    known,
    ...(meant !== undefined && { suggestion: meant }),
  });
}

function brokenServer(config: ServerConfig & { kind: "broken" }): Failure {
  const message = `The tool server \`${config.name}\` is not usable as it is configured. ${formatDiagnostic(config.problem)}`;
  return failure("tool_unavailable", message);
}

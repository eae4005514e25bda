/** How names in a workflow find what stands behind them: agents by the catalogue, tools by their servers. */
import { entryValue, settingProblems } from "../../agents/agentSettings.ts";
import type { Agents } from "../../agents/registry.ts";
import type { ToolServers } from "../../mcp/toolServer.ts";
import type { ChosenAgent } from "../../run/event.ts";
import type { Effects } from "../../run/request.ts";
import { isObject } from "../../util/json.ts";
import type { FileDiagnostic } from "../../workflow/diagnostic.ts";
import type { AgentInfo, ToolListing } from "../app.ts";
import type { LaunchPorts } from "./launch.ts";
import type { Settings } from "./settings.ts";

/** The catalogue name that stands for "no agent named". */
const DEFAULT_AGENT = "@task";

/** The launch's questions about agents, answered by the registry. */
export function agentChooser(
  agents: Agents,
  settings: Settings,
): Pick<LaunchPorts, "agentNames" | "chooseAgent" | "defaultAgent" | "agentSettings"> {
  const byDefault = (): string =>
    settings.defaultAgent?.startsWith("@") ? settings.defaultAgent : DEFAULT_AGENT;
  return {
    defaultAgent: byDefault,
    agentSettings: settingProblems,
    agentNames: async () => [...(await agents.catalogue()).agents.keys()],
    chooseAgent: async (wanted, overrides) => {
      const name = wanted ?? byDefault();
      const own = entryValue(overrides, name);
      const choice = await agents.choose(name, isObject(own) ? own : undefined);
      if ("code" in choice) return { ok: false, failure: choice };
      const { adapter, effects, hash, why, program, definition } = choice;
      const agent: ChosenAgent = {
        adapter,
        effects,
        hash,
        why,
        ...(program === undefined ? {} : { program }),
        definition: JSON.parse(JSON.stringify(definition)),
      };
      return { ok: true, name, agent };
    },
  };
}

/** The catalogue of agents, each with its file's full name; `chosen`: and with what stands behind it. */
export async function listAgents(
  agents: Pick<Agents, "catalogue" | "choose">,
  fullName: (file: string) => string,
  { chosen = false }: { readonly chosen?: boolean } = {},
): Promise<readonly AgentInfo[]> {
  const { agents: known } = await agents.catalogue();
  const listed = [...known.values()].map(async ({ name, description, source }) => {
    const choice = chosen ? await agents.choose(name) : undefined;
    return {
      name,
      description,
      ...(source.endsWith(".md") ? { file: fullName(source) } : {}),
      ...(choice && "adapter" in choice ? { adapter: choice.adapter } : {}),
    };
  });
  return Promise.all(listed);
}

/** Every tool of every server that answers within a moment. */
export async function listTools(servers: ToolServers): Promise<readonly ToolListing[]> {
  const tools = await servers.catalogue(AbortSignal.timeout(LISTING_PATIENCE));
  return [...tools].map(([name, { description, inputSchema }]) => ({
    name,
    description,
    inputSchema,
  }));
}

/** How long a person waits for a list of tools, in ms. */
const LISTING_PATIENCE = 5000;

/** The launch's questions about tools, answered by their servers. */
export function toolDescriber(
  servers: ToolServers,
  /** The full name of a file of the workspace. */
  fullName: (file: string) => string,
): Pick<LaunchPorts, "serverNames" | "builtInTools" | "serverProblems" | "describeTools"> {
  return {
    serverNames: servers.names,
    builtInTools: servers.builtInTools,
    serverProblems: () => serverProblems(servers, fullName),
    describeTools: async (tools) => {
      const known = new Map<string, Effects>();
      const refused = new Map<string, string>();
      const described = await Promise.all(
        tools.map(async (tool) => [tool, await servers.describe(tool)] as const),
      );
      for (const [tool, found] of described) {
        if (found.type === "failed") refused.set(tool, found.failure.message);
        else known.set(tool, found.info.effects);
      }
      return { known, refused };
    },
  };
}

/** What is wrong with the files that configure servers, by their full names. */
export function serverProblems(
  servers: ToolServers,
  fullName: (file: string) => string,
): readonly FileDiagnostic[] {
  return servers
    .diagnostics()
    .map((problem) => ({ ...problem, fileName: fullName(problem.fileName) }));
}

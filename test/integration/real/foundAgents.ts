/**
 * The real agents that are here, each in the whole product, against a loopback server that speaks its vendor's protocol.
 * Owns how one is found and set up; knows no test.
 */
import type { TestContext } from "node:test";
import { agentProgram } from "../../../scripts/testing/agentPrograms.ts";
import type { ComposeOptions } from "../../../src/app/compose.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import { noServer, startServer } from "../../agents/cli/sshServer.ts";
import { startModelServer } from "../../vendors/modelServer.ts";
import type { ModelTurn } from "../../vendors/modelTurn.ts";
import { type Files, type Scene, scene } from "../harness/product.ts";
import type { RealAgent } from "./agents.ts";

/** The biggest of them takes long to start where others are at work. */
export const PATIENCE_MS = 240_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A real agent, as far as it is here. */
export type Found = RealAgent & {
  readonly path: string | undefined;
  readonly skip: string | false;
};

/** The agents whose programs are here, and why the others are not. */
export function findAgents(agents: readonly RealAgent[]): Promise<readonly Found[]> {
  return Promise.all(
    agents.map(async (agent) => {
      try {
        const path = await agentProgram(agent.program, say);
        return { ...agent, path, skip: agent.over === "ssh" && noServer() };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { ...agent, path: undefined, skip: `the real ${agent.program} is missing: ${why}` };
      }
    }),
  );
}

/** A workspace with these files in which `@task` is that agent, over a model that answers by these turns. */
export async function setting(
  t: TestContext,
  agent: Found,
  files: Files,
  turns: (workspace: string) => readonly ModelTurn[],
) {
  const place = await scene(t, files);
  const server = await startModelServer(turns(place.workspace));
  t.after(() => server.stop());
  const { FERMATA_AGENT: _offline, ...plain } = place.env;
  const own = await agent.env(server.url);
  const local = agent.settings(agent.path ?? "", server.url);
  const task = agent.over === "ssh" ? await overSsh(t, local, place, own) : local;
  const env = { ...plain, ...(agent.over === "ssh" ? {} : own) };
  const settings = { agents: { "@task": task } };
  const options: Partial<ComposeOptions> = { env, settings };
  return { place: { ...place, env }, server, settings, open: () => place.open(options) };
}

/** The settings of a local agent as those of one behind an SSH server. */
async function overSsh(
  t: TestContext,
  local: JsonObject,
  { workspace, env }: Scene,
  own: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const { host, ssh_command } = await startServer(t);
  const environment = { PATH: env.PATH ?? "", HOME: env.HOME ?? "", ...own };
  const { adapter: profile = "", ...rest } = local;
  const there = { folder: workspace, environment };
  return { ...rest, adapter: "ssh", profile, host, ssh_command: [...ssh_command], ...there };
}

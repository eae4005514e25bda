/** Outside servers for tests: real processes under the real guard, ended with the test. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createOutsideServer } from "../../../src/mcp/client/outsideServer.ts";
import { parseMcpConfig } from "../../../src/mcp/config.ts";
import type { ToolCall, ToolServer } from "../../../src/mcp/toolServer.ts";
import { spawnGuarded } from "../../../src/process/spawn.ts";

export const ROOT = join(import.meta.dirname, "..", "..", "..");
export const BAD_SERVER = join(import.meta.dirname, "..", "servers", "badServer.ts");

export interface StartOptions {
  readonly workspace?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly startTimeoutMs?: number;
}

/** A server `name` configured by `settings` as they stand in `.mcp.json`. */
export function outsideServer(
  t: Pick<TestContext, "after">,
  name: string,
  settings: object,
  options: StartOptions = {},
): ToolServer {
  const text = JSON.stringify({ mcpServers: { [name]: settings } }, undefined, 2);
  const [config] = parseMcpConfig(text, ".mcp.json").servers;
  if (config === undefined || config.kind === "broken") throw new Error("bad test configuration");
  const server = createOutsideServer({
    config,
    spawn: spawnGuarded,
    workspace: ROOT,
    environment: process.env,
    version: "0.0.0",
    ...options,
  });
  t.after(() => server.dispose());
  return server;
}

/** The bad server in one of its modes; `log` names the file in which it notes its starts and calls. */
export function badServer(
  t: Pick<TestContext, "after">,
  mode: string,
  log = "",
  options: StartOptions = {},
): ToolServer {
  return outsideServer(
    t,
    "bad",
    { command: process.execPath, args: [BAD_SERVER, mode, log] },
    options,
  );
}

/** A variable as a configuration writes it. */
export function variable(name: string): string {
  return `\${${name}}`;
}

export function callOf(tool: string, parameters: ToolCall["parameters"] = {}): ToolCall {
  return { tool, parameters, key: "run_1/step", signal: new AbortController().signal };
}

/** The lines of a bad server's log without the changing process numbers. */
export async function linesOf(log: string): Promise<readonly string[]> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ \d+$/, ""));
}

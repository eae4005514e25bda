/**
 * Runs one of the tools that the dependencies bring (Biome, the compiler, vsce), on the Node we run on ourselves.
 * Knows where they are; not when they are due.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";

/** What a command came to. `output` holds both of its streams, in order of arrival. */
export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

const TOOLS = {
  biome: "@biomejs/biome/bin/biome",
  tsc: "typescript/bin/tsc",
  vsce: "@vscode/vsce/vsce",
} as const;

/** Runs a tool and collects what it prints. Rejects only when it cannot be started. */
export function runTool(
  tool: keyof typeof TOOLS,
  args: readonly string[],
  cwd = ROOT,
): Promise<CommandResult> {
  return runNode([join(ROOT, "node_modules", TOOLS[tool]), ...args], cwd);
}

/** Runs `node ARGS` and collects what it prints. */
export function runNode(args: readonly string[], cwd = ROOT): Promise<CommandResult> {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

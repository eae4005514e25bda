/**
 * The real agents' programs, from npm into the git-ignored cache: the tests talk to them, the product only finds them.
 * Owns the versions and where they lie. A person's own installation is never looked at.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../bootstrap.mjs";
import { installOnce } from "../installOnce.ts";

export type ProgramName = "claude" | "codex" | "opencode" | "claude-agent-acp" | "codex-acp";

interface Source {
  readonly package: string;
  readonly version: string;
  /** Below its folder. */
  readonly entry: string;
  readonly flags?: readonly string[];
  readonly scripts?: readonly string[];
}

const SOURCES: Readonly<Record<Exclude<ProgramName, "claude">, Source>> = {
  codex: {
    package: "@openai/codex",
    version: "0.171.0",
    entry: "node_modules/.bin/codex",
  },
  opencode: {
    package: "opencode-ai",
    version: "1.18.33",
    entry: "node_modules/.bin/opencode",
    scripts: ["opencode-ai"],
  },
  "claude-agent-acp": {
    package: "@agentclientprotocol/claude-agent-acp",
    version: "0.101.0",
    entry: "node_modules/.bin/claude-agent-acp",
    // It brings a claude of its own, of the size of the one that is here already.
    flags: ["--omit=optional"],
  },
  "codex-acp": {
    package: "@agentclientprotocol/codex-acp",
    version: "2.6.0",
    entry: "node_modules/.bin/codex-acp",
    // It brings a codex of its own, of the size of the one that is here already.
    flags: ["--omit=optional"],
  },
};

/** A server that does not answer is given up soon: the tests then say what they miss. */
const PATIENCE = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"];

/** Absolute path of a program, installed where it is missing. Rejects with why it cannot be had. */
export async function agentProgram(
  name: ProgramName,
  say: (line: string) => void,
): Promise<string> {
  if (name === "claude") return present(join(ROOT, "node_modules", ".bin", "claude"), name);
  const { package: source, version, entry, flags = [], scripts = [] } = SOURCES[name];
  const home = join(ROOT, ".cache", `agent-${name}-${version}`);
  const packages = [`${source}@${version}`];
  await installOnce({ home, packages, flags: [...flags, ...PATIENCE], scripts, say });
  return present(join(home, entry), name);
}

function present(file: string, name: string): string {
  if (!existsSync(file)) throw new Error(`npm has no ${name} for this platform`);
  return file;
}

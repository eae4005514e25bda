/**
 * The row of agents on other machines: their settings, what may be wrong with them, whether their machine lets us in.
 * Owns the words about it. How one is run is sshAgent.ts's.
 */
import { runCommand } from "../../process/run.ts";
import { SpawnError } from "../../process/spawnError.ts";
import {
  type Adapter,
  type AdapterPlace,
  type AgentFinding,
  textOf,
  textsOf,
  wordsOf,
} from "../adapter.ts";
import type { AgentChoice, AgentRecord } from "../agent.ts";
import { claudeEffects } from "../cli/claude/claude.ts";
import { CLAUDE_SETTINGS } from "../cli/claude/claudeAdapter.ts";
import { codexEffects } from "../cli/codex/codex.ts";
import { CODEX_SETTINGS } from "../cli/codex/codexAdapter.ts";
import { lastWords } from "../program/processEnd.ts";
import { lookCommand } from "./remoteScript.ts";
import { createSshAgent, folderOf, notThere, PROFILES, sshCommand, unreached } from "./sshAgent.ts";

export const sshAdapter: Adapter = {
  kind: "ssh",
  describes: "claude, codex or any program on another machine, through your own ssh",
  settings: {
    host: {
      form: "text",
      describes:
        "The machine as your ssh knows it: `user@host`, or a name of your ssh configuration. Unknown host keys are refused.",
    },
    port: { form: "number", least: 1, most: 65535, whole: true, describes: "Its port." },
    profile: {
      form: "text",
      choices: PROFILES,
      describes: "What runs there: `claude` (unless said), `codex`, or the program of `command`.",
    },
    folder: {
      form: "text",
      describes: "The folder to work in there; without it the one where a login begins.",
    },
    command: {
      form: "words",
      separator: "space",
      describes: "The program there with its first arguments; only `command` must have one.",
    },
    environment: {
      form: "texts",
      describes:
        'Variables of the program there: `{"PATH": "/opt/node/bin:/usr/bin:/bin"}`. Nothing of this machine\'s environment goes over.',
    },
    ssh_command: {
      form: "words",
      separator: "space",
      describes: "The ssh to call in place of `ssh`, with its first arguments: `ssh -F file`.",
    },
    ...CLAUDE_SETTINGS,
    ...CODEX_SETTINGS,
  },
  does: "start a program",
  program: (record) => wordsOf(record, "ssh_command")[0] ?? "ssh",
  install: () => INSTALL,
  check,
  usualEffects: (record) => {
    const profile = textOf(record, "profile") ?? "claude";
    if (profile === "command") return "once";
    return profile === "codex" ? codexEffects(record) : claudeEffects(record);
  },
  open: createSshAgent,
  examine,
};

const INSTALL = "Install OpenSSH's client, or correct ssh_command in the agent's settings.";

function check(record: AgentRecord): string | undefined {
  const host = textOf(record, "host") ?? "";
  if (!/^[^-\s][^\s]*$/.test(host))
    return 'has the adapter ssh but no machine. Add "host": "user@machine" to its settings.';
  if (textOf(record, "profile") === "command" && wordsOf(record, "command").length === 0)
    return 'has the profile command but no command. Add "command": ["program", "argument"] to its settings.';
  for (const [name, value] of Object.entries(textsOf(record, "environment"))) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `names ${name}, which is no variable.`;
    if (/[\r\n]/.test(value)) return `has a line break in the variable ${name}. Leave it out.`;
  }
  return undefined;
}

/** Asks every machine to let us in, and whether folder and program are there; starts no agent. */
function examine(
  place: AdapterPlace,
  uses: readonly AgentChoice[],
): Promise<readonly AgentFinding[]> {
  return Promise.all(uses.map((use) => examineOne(place, use)));
}

async function examineOne(
  { environment, workspace, guardScript }: AdapterPlace,
  { name, definition }: AgentChoice,
): Promise<AgentFinding> {
  const host = textOf(definition, "host") ?? "";
  const [program = textOf(definition, "profile") ?? "claude"] = wordsOf(definition, "command");
  const { PATH = "" } = textsOf(definition, "environment");
  const env = Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  try {
    const asked = await runCommand({
      command: [
        ...sshCommand({ definition }),
        lookCommand(folderOf({ definition }), program, PATH),
      ],
      env,
      cwd: workspace,
      signal: AbortSignal.timeout(15_000),
      ...(guardScript === undefined ? {} : { guardScript }),
    });
    if (asked.exitCode === 0) {
      const message = `The agent ${name} works on ${host}, which lets us in and has ${program}.`;
      return { severity: "ok", message };
    }
    const missing = notThere(host, asked);
    const { message } = missing ?? unreached(host, lastWords(asked));
    const fix = missing
      ? `Correct the agent's settings, or install ${program} on ${host}.`
      : `Make ssh ${host} work by hand without a question.`;
    return { severity: "error", message: `The agent ${name}: ${message}`, fix };
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    return {
      severity: "error",
      message: `The agent ${name}: ${error.failure.message}`,
      fix: INSTALL,
    };
  }
}

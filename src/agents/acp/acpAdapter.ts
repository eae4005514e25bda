/**
 * The row of the table for agents that speak the Agent Client Protocol: settings, how one is found, what may be amiss.
 * Owns the words about them. The protocol is loaded when the first of them is asked.
 */
import { join } from "node:path";
import { findCommand } from "../../process/path.ts";
import {
  type Adapter,
  type AdapterPlace,
  type AgentFinding,
  type Detected,
  numberOf,
  type Opening,
  textOf,
  textsOf,
  wordsOf,
} from "../adapter.ts";
import type { Agent, AgentChoice, AgentRecord } from "../agent.ts";
import { fileExists } from "../program/login.ts";
import { vendorEnvironment } from "../program/vendorEnvironment.ts";
import { KNOWN_AGENTS, type KnownAgent, knownAgent } from "./knownAgents.ts";

/** An agent may fetch itself first, when its command is one of npx. */
const START_TIMEOUT = 120_000;
const NAMES = KNOWN_AGENTS.map(({ name }) => name);

export const acpAdapter: Adapter = {
  kind: "acp",
  describes: "any agent that speaks the Agent Client Protocol; it asks for permission in Fermata",
  settings: {
    acp_agent: {
      form: "text",
      choices: NAMES,
      describes: "Which of the agents that are known by name.",
    },
    command: {
      form: "words",
      separator: "space",
      describes:
        "The program to run and its arguments, in place of the known agent's, or for any other.",
    },
    session_mode: {
      form: "text",
      describes: "The mode that a session begins in, as the agent names it.",
    },
    session_options: {
      form: "texts",
      describes: "Values of the options that the agent offers for a session, by their ids.",
    },
    start_timeout: {
      form: "duration",
      describes: "How long the agent has until its session stands (`2m`).",
    },
  },
  does: "start a program",
  program: (record) => commandOf(record)[0],
  install: (record) => {
    const known =
      wordsOf(record, "command").length === 0 && knownAgent(textOf(record, "acp_agent"));
    return known ? `Install it with ${known.install}.` : undefined;
  },
  check: (record) =>
    wordsOf(record, "command").length > 0 || knownAgent(textOf(record, "acp_agent")) !== undefined
      ? undefined
      : `has the adapter acp, but neither a known agent nor a command. Add "acp_agent": one of ${NAMES.join(", ")}; or "command": ["program", "argument"].`,
  usualEffects: () => "once",
  detect,
  open,
  examine,
};

function open(opening: Opening): Agent {
  const { definition, effects, environment, allowedVariables, guardScript, prices } = opening;
  const known = knownAgent(textOf(definition, "acp_agent"));
  const command = commandOf(definition);
  const title = known?.title ?? command[0] ?? "the agent";
  const mode = textOf(definition, "session_mode");
  const { model, system_prompt: systemPrompt } = definition;
  const place = { environment, ...(allowedVariables === undefined ? {} : { allowedVariables }) };
  const options = {
    title,
    command,
    effects,
    env: vendorEnvironment(place, known?.variables ?? /^$/),
    install: known
      ? `Install it with ${known.install}, or choose another agent.`
      : "Correct the command in the agent's settings.",
    login: known ? `To log in, ${known.login}` : "Log in with the program itself, then retry.",
    startTimeout: numberOf(definition, "start_timeout") ?? START_TIMEOUT,
    sessionOptions: textsOf(definition, "session_options"),
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { mode }),
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
    ...(guardScript === undefined ? {} : { guardScript }),
    ...(prices === undefined ? {} : { prices }),
  };
  const agent = async () => (await import("./acpAgent.ts")).createAcpAgent(options);
  return {
    kind: "acp",
    effects,
    prompt: async (prompt, context) => (await agent()).prompt(prompt, context),
    reconcile: async (prompt, context) => {
      const { reconcile } = await agent();
      return reconcile
        ? reconcile(prompt, context)
        : { type: "unknown", failure: { code: "outcome_unknown", message: "It cannot tell." } };
    },
  };
}

function commandOf(record: AgentRecord): readonly string[] {
  const written = wordsOf(record, "command");
  return written.length > 0 ? written : (knownAgent(textOf(record, "acp_agent"))?.command ?? []);
}

interface Found {
  readonly agent: KnownAgent;
  readonly program: string;
  /** The variable or file that shows a login. */
  readonly login: string | undefined;
}

async function lookFor(place: AdapterPlace): Promise<readonly Found[]> {
  const { environment } = place;
  const found = await Promise.all(
    KNOWN_AGENTS.map(async (agent) => {
      const program = await findCommand(agent.command[0] ?? "", environment.PATH ?? "");
      if (program === undefined) return [];
      return [{ agent, program, login: await loginOf(agent, environment) }];
    }),
  );
  return found.flat();
}

async function loginOf(
  { keys, files }: KnownAgent,
  environment: AdapterPlace["environment"],
): Promise<string | undefined> {
  const key = keys.find((name) => (environment[name] ?? "") !== "");
  if (key !== undefined) return key;
  const home = environment.HOME ?? environment.USERPROFILE ?? "";
  if (home === "") return undefined;
  for (const file of files) {
    if (await fileExists(join(home, file))) return `~/${file}`;
  }
  return undefined;
}

async function detect(place: AdapterPlace): Promise<Detected | undefined> {
  const found = await lookFor(place);
  const ready = found.find(({ login }) => login !== undefined);
  if (ready) {
    const { name, command } = ready.agent;
    return { found: `found ${command[0]} on PATH`, settings: { acp_agent: name } };
  }
  const [first] = found;
  return first && { amiss: `${first.agent.command[0]} is not logged in` };
}

async function examine(
  place: AdapterPlace,
  uses: readonly AgentChoice[],
): Promise<readonly AgentFinding[]> {
  const found = await lookFor(place);
  return found.map(({ agent, program, login }): AgentFinding => {
    const { title } = agent;
    return login === undefined
      ? {
          severity: "warning",
          setup: !uses.some(({ definition }) => textOf(definition, "acp_agent") === agent.name),
          message: `${title} was found at ${program} and speaks the Agent Client Protocol, but nothing shows that it is logged in.`,
          fix: `To log in, ${agent.login}`,
        }
      : {
          severity: "ok",
          message: `${title} was found at ${program} and speaks the Agent Client Protocol; logged in by ${login}.`,
        };
  });
}

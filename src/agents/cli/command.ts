/**
 * Any program as an agent: the prompt on its input, the answer on its output.
 * Owns how a prompt becomes text for a program that knows nothing of Fermata.
 */
import { allowedEnvironment } from "../../process/environment.ts";
import type { Effects } from "../../run/request.ts";
import { type Adapter, wordsOf } from "../adapter.ts";
import type { Agent, AgentRecord } from "../agent.ts";
import { answered } from "../answer.ts";
import { promptText } from "../structuredOutput.ts";
import { type CliDependencies, type CliProfile, createCliAgent } from "./cliAgent.ts";

export interface CommandAgentOptions extends CliDependencies {
  readonly name: string;
  readonly definition: AgentRecord;
  readonly effects: Effects;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly allowedVariables?: readonly string[];
}

export const commandAdapter: Adapter = {
  kind: "command",
  describes: "any program: the prompt on its input, the answer on its output",
  settings: {
    command: {
      form: "words",
      separator: "space",
      describes:
        "The program and its arguments. `FERMATA_KEY` in its environment is the same for every attempt of a task.",
    },
  },
  does: "start a program",
  program: (record) => wordsOf(record, "command")[0],
  check: (record) =>
    wordsOf(record, "command").length > 0
      ? undefined
      : 'has the adapter command but no command. Add "command": ["program", "argument"] to its settings.',
  usualEffects: () => "once",
  open: createCommandAgent,
};

/**
 * An agent that runs a command once a prompt. Exit code 0: the output is the answer. The command finds the attempt in
 * FERMATA_RUN, FERMATA_PATH, FERMATA_ATTEMPT and FERMATA_KEY (the idempotency key).
 */
export function createCommandAgent(options: CommandAgentOptions): Agent {
  return createCliAgent(commandProfile(options), options);
}

/** How a command is run once a prompt. */
export function commandProfile(options: CommandAgentOptions): CliProfile {
  const { name, definition, effects, environment, allowedVariables } = options;
  const command = wordsOf(definition, "command");
  return {
    kind: "command",
    effects,
    title: name,
    install: `Correct the command of ${name} in the settings.`,
    start: (prompt, { attempt }) => ({
      command,
      input: `${promptText(prompt, prompt.systemPrompt ?? definition.system_prompt)}\n\n`,
      env: {
        ...allowedEnvironment(environment, allowedVariables),
        FERMATA_RUN: attempt.run,
        FERMATA_PATH: attempt.path,
        FERMATA_ATTEMPT: String(attempt.attempt),
        FERMATA_KEY: attempt.key,
      },
    }),
    read: (context) => ({
      line: (text) => context.output({ kind: "text", text }),
      outcome: (prompt, result) =>
        result.exitCode === 0 && result.stdout.trim() !== ""
          ? answered(prompt, { response: result.stdout.trim(), agentUsed: name })
          : undefined,
      // Nobody can tell what an unknown program does first.
      began: () => true,
    }),
  };
}

/** What every prompt needs and gives back, and the one list to choose from. */
import type { Readable } from "node:stream";
import { isCancel, select } from "@clack/prompts";
import type { Json } from "../../../util/json.ts";
import type { Choice } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import type { Terminal } from "../screen/terminal.ts";
import type { Keyboard } from "./typing/keyboard.ts";

/** What a prompt needs of the world. */
export interface AskPorts {
  readonly keyboard: Keyboard;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when the question is no longer asked. */
  readonly signal: AbortSignal;
}

export type Asked = { readonly said: true; readonly answer: Json } | { readonly said: false };

export const LATER: Asked = { said: false };

/** A list of choices with "later" at its end. */
export async function pick(
  message: string,
  choices: readonly Choice[],
  ports: Pick<AskPorts, "keyboard" | "signal">,
): Promise<string | undefined> {
  const options = [
    ...choices.map(({ value, label, hint }) => ({
      value,
      label: printableLine(label),
      ...(hint === undefined ? {} : { hint: printableLine(hint) }),
    })),
    { value: LATER_VALUE, label: "Later", hint: "leave the question open" },
  ];
  const { signal } = ports;
  const chosen = await ports.keyboard.prompt("keys", (input: Readable) =>
    select({ message: printableLine(message), options, input, signal, maxItems: 12 }),
  );
  return isCancel(chosen) || chosen === LATER_VALUE ? undefined : chosen;
}

/** Never a choice of a workflow: those have no control characters that people could type. */
const LATER_VALUE = "\u0000later";

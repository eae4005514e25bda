/** The one question before anything runs in a folder: does this person trust what lies in it? */
import { confirm } from "@clack/prompts";
import { openKeyboard } from "./typing/keyboard.ts";

/** True for a clear yes. Closing the prompt is a no for now, and nothing is recorded. */
export async function confirmTrust(workspace: string): Promise<boolean> {
  const keyboard = openKeyboard(process.stdin, process.stdout);
  try {
    const message =
      `Do you trust the files in ${workspace}? ` +
      "Its workflows may run commands and start programs on this machine with your rights.";
    return (
      (await keyboard.prompt("keys", (input) =>
        confirm({ message, input, initialValue: false }),
      )) === true
    );
  } finally {
    keyboard.close();
  }
}

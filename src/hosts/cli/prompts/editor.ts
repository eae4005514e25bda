/** A text in the person's own editor. Owns finding and waiting for it; the terminal is lent by the caller. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteForCmd, quoteForShell } from "../../../util/shellQuote.ts";

export type Edited =
  | { readonly ok: true; readonly text: string }
  /** Why nothing came of it. */
  | { readonly ok: false; readonly message: string };

/**
 * Opens a text in $VISUAL, $EDITOR or the system's plain editor, and waits until it is closed. The line break that
 * editors put at the end is no edit.
 */
export async function editInEditor(text: string, env: NodeJS.ProcessEnv): Promise<Edited> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-edit-"));
  const file = join(folder, "plan.md");
  try {
    const ended = text.endsWith("\n") ? "" : "\n";
    await writeFile(file, text + ended, { mode: 0o600 });
    const editor = env.VISUAL || env.EDITOR || (process.platform === "win32" ? "notepad" : "vi");
    const problem = await run(editor, file, env);
    if (problem !== undefined) return { ok: false, message: problem };
    const edited = await readFile(file, "utf8");
    return {
      ok: true,
      text: ended !== "" && edited.endsWith(ended) ? edited.slice(0, -1) : edited,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined when the editor ended well. The editor's words are the person's own command line (`code --wait`). */
function run(editor: string, file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const quoted = process.platform === "win32" ? quoteForCmd(file) : quoteForShell(file);
  return new Promise((resolve) => {
    const child = spawn(`${editor} ${quoted}`, { shell: true, stdio: "inherit", env });
    child.on("error", (error) =>
      resolve(`The editor ${editor} did not start: ${error.message}. Set EDITOR.`),
    );
    child.on("exit", (code, signal) => {
      if (code === 0) resolve(undefined);
      else
        resolve(
          `The editor ${editor} ended with ${signal ?? `code ${code}`}; the plan is as it was. Set EDITOR.`,
        );
    });
  });
}

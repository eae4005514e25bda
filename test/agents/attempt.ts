/**
 * A real activity context for tests of agents: records transcript and progress, aborts on demand.
 * Owns scratch folders, removed when the test ends.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { ActivityContext, OutputLine } from "../../src/engine/activity.ts";

export interface Attempt {
  readonly context: ActivityContext;
  readonly lines: OutputLine[];
  readonly progress: string[];
  readonly abort: () => void;
}

/** A folder under the system's temporary one, with these files in it, removed after the test. */
export async function scratch(
  test: TestContext,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "fermata-agents-")));
  test.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** One attempt of the task `path` in a workspace. */
export function attemptIn(workspace: string, path = "ask", attempt = 1): Attempt {
  const controller = new AbortController();
  const lines: OutputLine[] = [];
  const progress: string[] = [];
  const context: ActivityContext = {
    attempt: {
      run: "run_test00000000",
      path,
      attempt,
      token: `t${attempt}`,
      key: `run_test00000000/${path}`,
    },
    signal: controller.signal,
    workspace,
    output: (line) => lines.push(line),
    progress: (text) => progress.push(text),
    ask: async () => ({ kind: "none", reason: "Nobody is here." }),
    guardRecord: join(workspace, `guard-${attempt}.json`),
    memo: join(workspace, `memo-${attempt}`),
    before: join(workspace, `before-${attempt}`),
  };
  return { context, lines, progress, abort: () => controller.abort(new Error("test abort")) };
}

/** One attempt in a scratch workspace, for the tests of activities: what its activity said, and a way to cancel it. */
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { ActivityContext, OutputLine } from "../../src/engine/activity.ts";

export interface Attempt {
  readonly context: ActivityContext;
  /** The workspace's real path. */
  readonly workspace: string;
  readonly lines: readonly OutputLine[];
  readonly cancel: () => void;
}

export async function openAttempt(t: TestContext): Promise<Attempt> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "fermata-activity-")));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const workspace = join(folder, "workspace");
  await mkdir(workspace);
  const lines: OutputLine[] = [];
  const abort = new AbortController();
  const context: ActivityContext = {
    attempt: { run: "run_1", path: "step", attempt: 1, token: "token", key: "run_1/step" },
    signal: abort.signal,
    workspace,
    output: (line) => lines.push(line),
    progress: () => undefined,
    ask: async () => ({ kind: "none", reason: "Nobody is here." }),
    guardRecord: join(folder, "guard.json"),
    memo: join(folder, "memo"),
    before: join(folder, "before"),
  };
  return { context, workspace, lines, cancel: () => abort.abort() };
}

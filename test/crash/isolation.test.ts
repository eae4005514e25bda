/**
 * An isolated agent's host killed at every write of the journal, with real git: the work is merged once, and neither a
 * worktree nor a branch is left.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { workflow } from "../integration/harness/product.ts";
import type { HostEnd, HostOrder } from "./host.ts";
import { runHost } from "./runHost.ts";

const STEPS = `
steps:
  - { id: mend, type: delegate, agent: "@coder", instructions: Mend it, isolation: worktree }
  - { id: end, type: return, value: "{{ steps.mend.isolation.merged }}" }
`;
const RULES = [{ response: "mended", files: { "a.txt": "agent\n", "new.txt": "new\n" } }];
const WHENS = ["before", "between", "after"] as const;

test("an isolated agent's work is merged once, wherever the host dies", async () => {
  const { writes } = await play(undefined);
  assert.ok(writes >= 8, `only ${writes} writes`);
  for (let write = 1; write <= writes; write++)
    await play({ write, when: WHENS[write % WHENS.length] ?? "before" });
});

async function play(death: HostOrder["death"]): Promise<HostEnd> {
  const about = JSON.stringify(death);
  const root = await mkdtemp(join(tmpdir(), "fermata-iso-"));
  try {
    const workspace = join(root, "work");
    await mkdir(workspace);
    const script = join(root, "agent.json");
    await writeFile(script, JSON.stringify({ rules: RULES }));
    await writeFile(join(workspace, "it.workflow.yaml"), workflow("it", STEPS));
    await writeFile(join(workspace, "a.txt"), "a\n");
    const git = (...words: string[]): string => {
      const identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
      return execFileSync("git", [...identity, ...words], {
        cwd: workspace,
        encoding: "utf8",
      }).trim();
    };
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    const order: HostOrder = {
      workspace,
      template: "it.workflow.yaml",
      inputs: {},
      answers: { "mend/isolated-review": { approved: true } },
      settings: { agents: { "@coder": { adapter: "scripted", script } } },
    };
    if (death !== undefined)
      assert.equal((await runHost(root, { ...order, death })).signal, "SIGKILL", about);
    const last = await runHost(root, order);
    assert.equal(last.code, 0, `${about}: ${last.stderr}`);
    const end: HostEnd = JSON.parse(last.stdout.trim().split("\n").at(-1) ?? "");
    assert.deepEqual([end.status, end.value], ["done", true], about);
    assert.equal(
      git("log", "--format=%s", "--first-parent"),
      "Merge the work of mend\nfirst",
      about,
    );
    assert.equal(git("rev-list", "--count", "HEAD"), "3", about);
    assert.equal(await readFile(join(workspace, "new.txt"), "utf8"), "new\n", about);
    assert.equal(git("status", "--porcelain"), "", about);
    assert.equal(git("worktree", "list").split("\n").length, 1, about);
    assert.equal(git("branch", "--list", "fermata/*"), "", about);
    const [folder = ""] = await readdir(join(root, "state", "fermata"));
    const trees = join(root, "state", "fermata", folder, "worktrees");
    assert.deepEqual(await readdir(trees), [], about);
    return end;
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

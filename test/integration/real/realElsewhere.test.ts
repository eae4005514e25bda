/** The real agents' programs behind a real SSH server, and in git worktrees of their own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { answer, asks, ends, resultOf, start, workflow } from "../harness/product.ts";
import { REAL_AGENTS, type RealAgent } from "./agents.ts";
import { findAgents, PATIENCE_MS, setting } from "./foundAgents.ts";
import { testTurns } from "./turns.ts";

const APART = workflow(
  "apart",
  `
steps:
  - { id: look, type: delegate, agent: "@task", instructions: Write the limit down, isolation: worktree }
  - { id: end, type: return, value: "{{ steps.look.isolation }}" }
`,
);

const FILES = {
  "workflows/apart.workflow.yaml": APART,
  "limits.txt": "100 requests per minute\n",
};

testTurns(await findAgents(REAL_AGENTS.filter(({ over }) => over === "ssh")));

/** One that asks before it writes, and one that does not. */
const APART_BY = ["claude", "codex", "opencode"];
const isApart = ({ program, over }: RealAgent) => !over && APART_BY.includes(program);

for (const agent of await findAgents(REAL_AGENTS.filter(isApart))) {
  test(`${agent.program} in a git worktree of its own: its work is seen, then merged`, {
    skip: agent.skip,
  }, async (t) => {
    const { place, server, open } = await setting(t, agent, FILES, () => [
      agent.reads("limits.txt"),
      agent.writes("notes.md", "100 a minute"),
      { text: "It is written down." },
    ]);
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...words], {
        cwd: place.workspace,
        encoding: "utf8",
      }).trim();
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    const app = await open();
    const run = await start(app, "apart");
    if (agent.asks) {
      await asks(app, run, "look/isolated-work", PATIENCE_MS);
      await answer(app, run, "look/isolated-work", "allow_once");
    }
    const { form } = await asks(app, run, "look/isolated-review", PATIENCE_MS);
    assert.ok(form.kind === "approval");
    assert.match(form.plan, /^- created notes\.md\n/);
    const { body } = await server.asked(2);
    assert.match(JSON.stringify(body), /100 requests per minute/);
    assert.equal(git("status", "--porcelain"), "", "the workspace is as it was");
    await answer(app, run, "look/isolated-review", { approved: true });
    const state = await ends(app, run, PATIENCE_MS);
    assert.equal(resultOf(state).merged, true);
    const notes = await readFile(join(place.workspace, "notes.md"), "utf8");
    assert.equal(notes.trim(), "100 a minute");
    assert.equal(git("worktree", "list").split("\n").length, 1);
  });
}

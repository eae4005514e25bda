/**
 * An isolated agent's host killed at every write of the journal, with real git: the work is merged once, and neither a
 * worktree nor a branch is left.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { isFinished } from "../../src/run/state.ts";
import { answer, asks, reaches, scene, stand, workflow } from "../integration/harness/product.ts";
import { remote } from "../integration/harness/remote.ts";
import { until } from "../process/until.ts";
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
    await commitFirst(workspace);
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
    const [folder = ""] = await readdir(join(root, "state", "fermata"));
    await assertMergedOnce(workspace, join(root, "state", "fermata", folder), about);
    return end;
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where the host is when it dies, together with the git that it has just asked. */
const PHASES = {
  "the worktree is being made": "smudge",
  "the agent is at work": undefined,
  "its work is being compared": "clean",
  "its review waits": undefined,
  "it is being merged": "smudge",
  "it is being taken away": "branch",
} as const;

for (const [phase, hold] of Object.entries(PHASES))
  test(`killed with its git while ${phase}, a host loses nothing, and the next ends it once`, async (t) => {
    const place = await scene(t);
    const at = (name: string) => join(place.root, name);
    const there = (name: string) => until(name, () => existsSync(at(name)));
    const set = (name: string) => writeFile(at(name), "");
    await writeFile(at("hold.sh"), HOLD.replaceAll("ROOT", place.root));
    await writeFile(at("agent.sh"), AGENT.replaceAll("ROOT", place.root));
    await mkdir(at("bin"));
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    const shim = `case " $* " in *" branch -q -D "*) kind=branch; . ${at("hold.sh")};; esac`;
    await writeFile(at("bin/git"), `#!/bin/sh\n${shim}\nexec ${real} "$@"\n`, { mode: 0o755 });
    await commitFirst(place.workspace, at("hold.sh"));
    const env = { ...place.env, PATH: `${at("bin")}:${place.env.PATH}` };
    const agent = { adapter: "command", command: ["sh", at("agent.sh")], effects: "repeatable" };
    const settings = { agents: { "@coder": agent } };
    const host = await remote(t, { ...place, env }, { settings });
    const watcher = await place.open({ env, settings });
    const approve = (app: App) => answer(app, run, "mend/isolated-review", { approved: true });
    if (phase === "the worktree is being made") await set("hold-smudge");
    const request = { template: "it.workflow.yaml", inputs: {}, startedBy: "t" };
    const started = await host.startRun(request);
    const run = started.ok ? started.run : assert.fail(JSON.stringify(started));
    if (phase !== "the worktree is being made") {
      await there("working");
      if (phase === "its work is being compared") await set("hold-clean");
      if (phase !== "the agent is at work") await set("go");
    }
    if (phase === "its review waits") await asks(watcher, run, "mend/isolated-review");
    if (phase === "it is being merged" || phase === "it is being taken away") {
      await asks(watcher, run, "mend/isolated-review");
      await set(`hold-${hold}`);
      await approve(watcher);
    }
    if (hold) await there("held");
    // Stopped first, so that it does not hear of its git's end before its own.
    await host.kill("SIGSTOP");
    const pids = (await readFile(at("pids"), "utf8").catch(() => "")).split("\n").filter(Boolean);
    assert.equal(pids.length > 0, hold === "smudge" || hold === "clean", "git was at work");
    for (const pid of pids) process.kill(Number(pid), "SIGKILL");
    await host.kill("SIGKILL");
    if (hold) await rm(at(`hold-${hold}`));
    await set("go");
    const next = await place.open({ env, settings });
    assert.ok((await next.openRun(run)).ok);
    const merging = phase === "it is being merged" || phase === "it is being taken away";
    if (!merging) await approve(next);
    const state = await reaches(next, run, "its end", isFinished);
    assert.deepEqual([state.status, state.value], ["done", true], stand(state));
    await next.dispose();
    await assertMergedOnce(place.workspace, next.stateFolder, phase);
  });

/** Where it is told to, it says which git it works for, and waits. */
const HOLD = `
if [ -e ROOT/hold-$kind ]; then
  p=$PPID
  while [ "$(cat /proc/$p/comm)" = git ]; do
    echo $p >> ROOT/pids
    p=$(cut -d ' ' -f 4 /proc/$p/stat)
  done
  : > ROOT/held
  while [ -e ROOT/hold-$kind ]; do sleep 0.02; done
fi
`;
const AGENT = `
cat > ROOT/prompt
echo agent > a.txt
echo new > new.txt
: > ROOT/working
while [ ! -e ROOT/go ]; do sleep 0.02; done
echo mended
`;

/** A repository with one commit and the workflow; with `hold` every text passes a filter that may be told to wait. */
async function commitFirst(workspace: string, hold?: string): Promise<void> {
  const git = gitIn(workspace);
  await writeFile(join(workspace, "it.workflow.yaml"), workflow("it", STEPS));
  await writeFile(join(workspace, "a.txt"), "a\n");
  git("init", "-q", "-b", "main");
  if (hold !== undefined) {
    await writeFile(join(workspace, ".gitattributes"), "*.txt filter=hold\n");
    for (const kind of ["clean", "smudge"])
      git("config", `filter.hold.${kind}`, `kind=${kind}; . ${hold}; cat`);
  }
  git("add", "-A");
  git("commit", "-q", "-m", "first");
}

function gitIn(workspace: string) {
  return (...words: string[]): string => {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
    const how = { cwd: workspace, encoding: "utf8" } as const;
    return execFileSync("git", [...identity, ...words], how).trim();
  };
}

async function assertMergedOnce(workspace: string, state: string, about: string): Promise<void> {
  const git = gitIn(workspace);
  const log = git("log", "--format=%s", "--first-parent");
  assert.equal(log, "Merge the work of mend\nfirst", about);
  assert.equal(git("rev-list", "--count", "HEAD"), "3", about);
  assert.equal(await readFile(join(workspace, "a.txt"), "utf8"), "agent\n", about);
  assert.equal(await readFile(join(workspace, "new.txt"), "utf8"), "new\n", about);
  assert.equal(git("status", "--porcelain"), "", about);
  assert.equal(git("worktree", "list").split("\n").length, 1, about);
  assert.equal(git("branch", "--list", "fermata/*"), "", about);
  assert.deepEqual(await readdir(join(state, "worktrees")), [], about);
}

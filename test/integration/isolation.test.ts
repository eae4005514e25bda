/**
 * Agents in git worktrees of their own, with real git: made, compared, merged or dropped by a person's word. Whatever
 * happens nothing of anybody is lost, nothing is there twice, and no worktree outlives its run.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { isObject, type JsonObject } from "../../src/util/json.ts";
import {
  answer,
  asks,
  reaches,
  resultOf,
  type Scene,
  scene,
  stand,
  start,
  workflow,
} from "./harness/product.ts";

interface Repository {
  readonly place: Scene;
  readonly app: App;
  readonly git: (...words: string[]) => string;
  readonly read: (path: string) => Promise<string>;
}

async function repository(
  t: TestContext,
  isolation: string,
  files: JsonObject,
  git = true,
): Promise<Repository> {
  const steps = `
steps:
  - { id: look, type: set_state, updates: { seen: 1 } }
  - { id: mend, name: "Mend {it}", type: delegate, agent: "@coder", instructions: Mend it, isolation: ${isolation} }
  - { id: end, type: return, value: "{{ steps.mend }}" }
`;
  const place = await scene(t, {
    "a.workflow.yaml": workflow("a", `initial_state: { seen: 0 }${steps}`),
    "src/a.txt": "one\ntwo\nthree\n",
    "src/old.txt": "old\n",
    "README.md": "readme\n",
  });
  const run = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...words], {
      cwd: place.workspace,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  if (git) {
    run("init", "-q", "-b", "main");
    run("add", "-A");
    run("commit", "-q", "-m", "first");
  }
  const script = join(place.root, "agent.json");
  await writeFile(script, JSON.stringify({ rules: [{ response: "mended", files }] }));
  const agents = { "@coder": { adapter: "scripted", script } };
  const app = await place.open({ settings: { agents } });
  return { place, app, git: run, read: (path) => readFile(join(place.workspace, path), "utf8") };
}

const WORK = { "src/a.txt": "one\ntwo\nTHREE\n", "src/new.txt": "new\n", "src/old.txt": null };
const REVIEW = "mend/isolated-review";

/** Nothing of Fermata's is left in the repository but these branches. */
function assertTidy({ git }: Repository, branches: readonly string[] = []): void {
  assert.equal(git("worktree", "list").split("\n").length, 1, git("worktree", "list"));
  const kept = git("branch", "--list", "fermata/*", "--format=%(refname:short)");
  assert.deepEqual(kept === "" ? [] : kept.split("\n"), branches);
  assert.equal(git("status", "--porcelain"), "");
}

async function ended({ app }: Repository, run: string): Promise<JsonObject> {
  const state = await app.settled(run);
  const value = resultOf(state);
  await app.dispose();
  return isObject(value.isolation) ? value.isolation : assert.fail(stand(state));
}

test("what an agent changed is shown, merged when it is approved, and its worktree goes", async (t) => {
  const repo = await repository(t, "worktree", WORK);
  const { app, git, read } = repo;
  const run = await start(app, "a.workflow.yaml");
  const { form } = await asks(app, run, REVIEW);
  assert.ok(form.kind === "approval");
  assert.equal(form.title, "Merge the work of Mend {it}?");
  assert.match(
    form.plan,
    /^- changed src\/a\.txt\n- created src\/new\.txt\n- deleted src\/old\.txt\n/,
  );
  assert.match(form.plan, /\n-three\n\+THREE\n/);
  assert.equal(await read("src/a.txt"), "one\ntwo\nthree\n", "the workspace is as it was");
  assert.equal(git("status", "--porcelain"), "");
  await answer(app, run, REVIEW, { approved: true });
  const { merged, files, commit } = await ended(repo, run);
  assert.deepEqual([merged, files], [true, ["src/a.txt", "src/new.txt", "src/old.txt"]]);
  assert.equal(commit, git("rev-parse", "HEAD"));
  assert.equal(await read("src/a.txt"), "one\ntwo\nTHREE\n");
  assert.equal(await read("src/new.txt"), "new\n");
  await assert.rejects(read("src/old.txt"));
  assert.equal(git("log", "-1", "--format=%s"), "Merge the work of Mend {it}");
  assertTidy(repo);
});

test("its gates are asked of it in its worktree, and what a person asks for is made there and shown anew", async (t) => {
  const repo = await repository(
    t,
    "worktree, retry: { max_attempts: 2, delay: 10ms }, enforce: true, gates: [{ name: three, check: { command: [grep, -q, THREE, src/a.txt] } }]",
    {},
  );
  const { app, git, read, place } = repo;
  const rules = [
    { instructions: "A person looked", response: "changed", files: { "src/more.txt": "more\n" } },
    { attempt: 2, response: "mended", files: WORK },
    { response: "not yet", files: { "src/a.txt": "one\n" } },
  ];
  await writeFile(join(place.root, "agent.json"), JSON.stringify({ rules }));
  const run = await start(app, "a.workflow.yaml");
  const first = await asks(app, run, REVIEW);
  assert.ok(first.form.kind === "approval" && first.form.revisable);
  const line = first.form.plan.split("\n").indexOf("+THREE") + 1;
  assert.ok(line > 0, first.form.plan);
  assert.equal(await read("src/a.txt"), "one\ntwo\nthree\n", "the workspace is as it was");
  await answer(app, run, REVIEW, {
    request_changes: true,
    comments: [{ line, text: "And more?" }],
  });
  const second = await reaches(app, run, "the next version", ({ breakpoints }) =>
    breakpoints.has(`${REVIEW}@2`),
  );
  const { form } = second.breakpoints.get(`${REVIEW}@2`) ?? assert.fail();
  assert.match(form.kind === "approval" ? form.plan : "", /created src\/more\.txt[\s\S]*\+THREE/);
  const gates = [...second.tasks.values()].filter(({ kind }) => kind === "gate");
  assert.deepEqual(
    gates.map(({ path, status }) => [path, status]),
    [
      ["mend/isolated-work/gates", "failed"],
      ["mend/isolated-work/gates#2", "done"],
      [`${REVIEW}/isolated-again/gates`, "done"],
    ],
  );
  await answer(app, run, REVIEW, { approved: true });
  const state = await app.settled(run);
  assert.equal(resultOf(state).response, "changed", stand(state));
  assert.equal(await read("src/more.txt"), "more\n");
  assert.equal(await read("src/a.txt"), "one\ntwo\nTHREE\n");
  assert.equal(git("log", "-1", "--format=%s"), "Merge the work of Mend {it}");
  await app.dispose();
  assertTidy(repo);
});

test("what is rejected is dropped, and the run goes on", async (t) => {
  const repo = await repository(t, "worktree", WORK);
  const run = await start(repo.app, "a.workflow.yaml");
  await answer(repo.app, run, REVIEW, { approved: false, reason: "no" });
  assert.equal((await ended(repo, run)).merged, false);
  assert.equal(await repo.read("src/a.txt"), "one\ntwo\nthree\n");
  assertTidy(repo);
});

test("where nothing was changed nobody is asked; merged at once, or kept on its branch, as the step says", async (t) => {
  const none = await repository(t, "worktree", {});
  const first = await ended(none, await start(none.app, "a.workflow.yaml"));
  assert.deepEqual(first, { merged: false, files: [] });
  assertTidy(none);
  const always = await repository(t, "{ merge: always }", WORK);
  assert.equal((await ended(always, await start(always.app, "a.workflow.yaml"))).merged, true);
  assertTidy(always);
  const never = await repository(t, "{ merge: never }", WORK);
  const { merged, branch } = await ended(never, await start(never.app, "a.workflow.yaml"));
  assert.equal(merged, false);
  assertTidy(never, [String(branch)]);
  assert.equal(never.git("show", `${branch}:src/a.txt`), "one\ntwo\nTHREE");
});

/** Has what failed tried again, and drives the run on. */
async function again(app: App, run: string): Promise<void> {
  await app.signal(run, { type: "retry", by: "tester" });
  await app.openRun(run);
}

async function failed({ app }: Repository, run: string): Promise<string> {
  const state = await app.settled(run);
  assert.equal(state.status, "failed", stand(state));
  return state.failure?.message ?? "";
}

test("no repository, no commit, a dirty tree: one message each, with the next move", async (t) => {
  const bare = await repository(t, "worktree", WORK, false);
  assert.match(
    await failed(bare, await start(bare.app, "a.workflow.yaml")),
    /needs a git repository, and .* is none\. Run `git init` there and commit, or take/,
  );
  execFileSync("git", ["init", "-q"], { cwd: bare.place.workspace });
  assert.match(
    await failed(bare, await start(bare.app, "a.workflow.yaml")),
    /has none yet\. Commit something first/,
  );
  const dirty = await repository(t, "worktree", WORK);
  await dirty.place.write("README.md", "mine\n");
  const run = await start(dirty.app, "a.workflow.yaml");
  assert.match(
    await failed(dirty, run),
    /^README\.md has uncommitted changes.*Commit or stash them and retry/,
  );
  dirty.git("stash", "-q");
  await again(dirty.app, run);
  await answer(dirty.app, run, REVIEW, { approved: true });
  assert.equal((await ended(dirty, run)).merged, true);
  dirty.git("stash", "pop", "-q");
  assert.equal(await dirty.read("README.md"), "mine\n");
});

test("a conflict, and changes that stand in the way, lose nothing and can be mended", async (t) => {
  const repo = await repository(t, "worktree", WORK);
  const { app, git, place } = repo;
  const run = await start(app, "a.workflow.yaml");
  await asks(app, run, REVIEW);
  await place.write("src/a.txt", "one\ntwo\nmine\n");
  git("commit", "-q", "-am", "mine");
  await answer(app, run, REVIEW, { approved: true });
  const message = await failed(repo, run);
  assert.match(
    message,
    /conflicts with what the workspace has in src\/a\.txt\. Merge it by hand \(`git merge (\S+)`\)/,
  );
  assert.equal(await repo.read("src/a.txt"), "one\ntwo\nmine\n");
  assert.equal(git("status", "--porcelain"), "");
  const [, branch = ""] = /`git merge (\S+)`/.exec(message) ?? [];
  git("merge", "-q", "-X", "theirs", "--no-edit", branch);
  await again(app, run);
  assert.equal((await ended(repo, run)).merged, true);
  assert.equal(await repo.read("src/a.txt"), "one\ntwo\nTHREE\n");
  assertTidy(repo);
});

test("uncommitted changes that a merge would overwrite are left alone", async (t) => {
  const repo = await repository(t, "worktree", WORK);
  const { app, git, place } = repo;
  const run = await start(app, "a.workflow.yaml");
  await asks(app, run, REVIEW);
  await place.write("src/new.txt", "mine\n");
  await answer(app, run, REVIEW, { approved: true });
  assert.match(
    await failed(repo, run),
    /Uncommitted changes stand in the way.*: src\/new\.txt\. Commit or stash/,
  );
  assert.equal(await repo.read("src/new.txt"), "mine\n");
  await rm(join(place.workspace, "src/new.txt"));
  await again(app, run);
  assert.equal((await ended(repo, run)).merged, true);
  assert.equal(git("show", "HEAD:src/new.txt"), "new");
  assertTidy(repo);
});

test("a run that is cancelled leaves no worktree; what its agent did stays on a branch", async (t) => {
  const repo = await repository(t, "worktree", WORK);
  const { app, git } = repo;
  const run = await start(app, "a.workflow.yaml");
  await asks(app, run, REVIEW);
  await app.signal(run, { type: "cancel", by: "tester" });
  assert.equal((await app.settled(run)).status, "cancelled");
  await app.dispose();
  const branch = git("branch", "--list", "fermata/*", "--format=%(refname:short)");
  assertTidy(repo, [branch]);
  assert.equal(git("show", `${branch}:src/new.txt`), "new");
});

test("gates are run again where the work is; once that is merged or dropped it is said what happened", async (t) => {
  const gates = "gates: [{ name: three, check: { command: [grep, -q, THREE, src/a.txt] } }]";
  const judged = async ({ app }: Repository, run: string) => {
    const ran = await app.runGates({ run, path: "mend" }, AbortSignal.timeout(20_000));
    return ran.ok ? ran.results.map(({ status }) => status).join() : ran.failure.message;
  };
  const merged = await repository(t, `worktree, ${gates}`, WORK);
  const run = await start(merged.app, "a.workflow.yaml");
  await asks(merged.app, run, REVIEW);
  assert.equal(await judged(merged, run), "PASS");
  await answer(merged.app, run, REVIEW, { approved: true });
  await merged.app.settled(run);
  assert.match(
    await judged(merged, run),
    /^The work of mend was merged \(commit \w{10}\), and its worktree is gone\. .*`fermata gate FILE mend`/,
  );
  const inPlace = { template: "a.workflow.yaml", step: "mend", inputs: {} };
  const now = await merged.app.runGates(inPlace, AbortSignal.timeout(20_000));
  assert.ok(now.ok && now.results[0]?.status === "PASS");
  const dropped = await repository(t, `worktree, ${gates}`, WORK);
  const other = await start(dropped.app, "a.workflow.yaml");
  await answer(dropped.app, other, REVIEW, { approved: false, reason: "no" });
  await dropped.app.settled(other);
  assert.match(
    await judged(dropped, other),
    /^The work of mend was not merged.* fork the run from mend\.$/,
  );
  const kept = await repository(t, `{ merge: never }, ${gates}`, WORK);
  const third = await start(kept.app, "a.workflow.yaml");
  const { isolation } = resultOf(await kept.app.settled(third));
  const branch = isObject(isolation) ? String(isolation.branch) : "";
  assert.equal(await judged(kept, third), "PASS");
  assertTidy(kept, [branch]);
  kept.git("branch", "-q", "-D", branch);
  assert.match(await judged(kept, third), /is gone, and that branch too.*Do the step again/);
});

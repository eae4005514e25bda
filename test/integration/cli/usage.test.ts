/** What the CLI says before anything runs: help, wrong usage, wrong files, wrong inputs, and the numbers it ends with. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CLI, endOf, makePlace } from "./spawnCli.ts";

const place = makePlace();
after(() => place.remove());

const HELLO = `name: hello
version: 1.0.0
inputs:
  who: { type: string, required: true, description: Whom to greet }
  times: { type: number, default: 1 }
steps:
  - { id: done, type: return, value: "{{ inputs.who }}" }
`;

test("alone it says how to begin", async () => {
  const { code, stdout } = await place.run();
  assert.equal(code, 0);
  assert.match(stdout, /^Fermata runs workflows/);
  assert.match(stdout, /fermata run NAME/);
});

test("a run without a name says what to type, as this program is called here", async () => {
  const from = makePlace();
  const env = { ...from.env, FERMATA_FROM_NPM: "1" };
  const child = spawn(process.execPath, [CLI, "run", "--trust"], { cwd: from.workspace, env });
  const { code, stderr } = await endOf(child);
  from.remove();
  assert.equal(code, 2);
  assert.match(stderr, /Name one, or a file: npm run -s fermata -- run NAME --trust/);
});

test("help lists every command and the ending numbers", async () => {
  const { code, stdout } = await place.run("--help");
  assert.equal(code, 0);
  const commands =
    "run list validate runs show output export answer signal pause resume retry cancel kill where doctor eval";
  for (const command of commands.split(" "))
    assert.match(stdout, new RegExp(`^  ${command}\\b`, "m"));
  for (const number of [0, 1, 2, 3, 4, 5, 6, 70, 130])
    assert.match(stdout, new RegExp(`^ +${number}  \\S`, "m"));
});

test("the version is the package's", async () => {
  const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  assert.equal((await place.run("--version")).stdout.trim(), JSON.parse(manifest).version);
});

test("help of one command has examples", async () => {
  const { stdout } = await place.run("help", "answer");
  assert.match(stdout, /--approve --shown/);
  assert.match(stdout, /--workspace <DIR>/);
});

test("from a checkout the help names the command that works there", async () => {
  const npm = makePlace();
  try {
    npm.env.FERMATA_FROM_NPM = "1";
    assert.match((await npm.run()).stdout, /npm run -s fermata -- run NAME/);
  } finally {
    npm.remove();
  }
});

test("wrong usage ends with 2 and a suggestion", async () => {
  const unknown = await place.run("rnu");
  assert.deepEqual([unknown.code, unknown.stdout], [2, ""]);
  assert.match(unknown.stderr, /^fermata: unknown command 'rnu'\n\(Did you mean run\?\)/);
  const option = await place.run("run", "hello", "--inptu", "a=1");
  assert.equal(option.code, 2);
  assert.match(option.stderr, /Did you mean --input\?/);
  const missing = await place.run("show");
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /missing required argument 'RUN'/);
  const nowhere = await place.run("list", "--workspace", "/no/such/folder");
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /There is no folder/);
});

test("a folder that is gone under the person's feet is named as the reason", () => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" --no-warnings "$1" runs';
  const folder = mkdtempSync(join(tmpdir(), "fermata-cwd-"));
  const ended = spawnSync("sh", ["-c", script, process.execPath, CLI], {
    cwd: folder,
    env: { ...process.env, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder },
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  assert.equal(ended.status, 2);
  assert.match(ended.stderr, /^fermata: The folder that you are in is not there any more.*\(cd\)/);
});

test("a wrong file is shown where it is wrong", async () => {
  place.write(
    "bad.workflow.yaml",
    "name: bad\nversion: 1.0.0\nsteps:\n  - id: a\n    type: promt\n    message: hi\n",
  );
  const { code, stderr, stdout } = await place.run("run", "bad.workflow.yaml", "--trust");
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^bad\.workflow\.yaml:5:11: error: /);
  assert.match(stderr, /5 \| {5}type: promt\n +\| +\^{5}\n/);
  assert.match(stderr, /Did you mean `prompt`\?/);
  const validated = await place.run("validate", "bad.workflow.yaml");
  assert.equal(validated.code, 2);
  assert.match(validated.stdout, /bad\.workflow\.yaml:5:11/);
});

test("wrong inputs are shown where they are asked for, all at once", async () => {
  place.write("hello.workflow.yaml", HELLO);
  const { code, stderr } = await place.run(
    "run",
    "hello",
    "--trust",
    "--input",
    "hwo=Ada",
    "--input",
    "times=many",
  );
  assert.equal(code, 2);
  assert.match(stderr, /:4:3: error: The input `who`: Required/);
  assert.match(stderr, /The input `hwo`[\s\S]*Did you mean `who`\?/);
  assert.match(stderr, /:5:3: error: The input `times`: Cannot be "many"/);
  assert.match(stderr, /--input NAME=VALUE/);
});

test("wrong files of inputs and answers are named", async () => {
  place.write("list.json", "[1]");
  place.write("broken.json", "{");
  place.write("answers.yaml", "a: [1\nb: 2\n");
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--input", "who"], /--input who has no value/],
    [["--inputs", "none.json"], /Cannot read .*none\.json: there is no such file/],
    [["--inputs", "list.json"], /list\.json holds a list/],
    [["--inputs", "broken.json"], /broken\.json is not JSON/],
    [["--answers", "answers.yaml"], /answers\.yaml:\d+:\d+: the answers file is not YAML/],
    [["--answers", "list.json"], /list\.json is not a map/],
  ];
  for (const [args, expected] of cases) {
    const { code, stderr } = await place.run("run", "hello", "--trust", ...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, expected);
  }
});

test("an untrusted folder runs nothing without a terminal", async () => {
  place.write("hello.workflow.yaml", HELLO);
  const { code, stderr } = await place.run("run", "hello", "--input", "who=Ada");
  assert.equal(code, 6);
  assert.match(stderr, /is not trusted[\s\S]*--trust/);
  const { stdout } = await place.run("where");
  assert.equal(existsSync(`${stdout.trim()}/runs`), false);
});

test("an unknown workflow is answered with what there is", async () => {
  const { code, stderr } = await place.run("run", "helo", "--trust");
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean hello\?/);
});

test("list shows what can run, as text and as JSON", async () => {
  place.write("hello.workflow.yaml", HELLO);
  const { stdout } = await place.run("list");
  assert.match(stdout, /^hello +1\.0\.0 +workspace/m);
  const lines = (await place.run("list", "--json")).stdout.trim().split("\n");
  assert.ok(
    lines
      .map((line) => JSON.parse(line))
      .some(({ type, name }) => type === "template" && name === "hello"),
  );
});

test("eval prints what a template gives, as JSON", async () => {
  const context = place.write("context.json", '{ "items": [1, 2], "name": "Ada" }');
  assert.equal(
    (await place.run("eval", "{{ items | length }}", "--context", context)).stdout,
    "2\n",
  );
  assert.equal(
    (await place.run("eval", "Dear {{ name }}", "--context", context)).stdout,
    '"Dear Ada"\n',
  );
  const wrong = await place.run("eval", "Dear {{ nmae.x }}", "--context", context);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^template:1:\d+: /);
  assert.match(wrong.stderr, /\n {2}Dear \{\{ nmae\.x \}\}\n +\^/);
});

test("a run that is not there is said so", async () => {
  const empty = makePlace();
  try {
    const { code, stderr } = await empty.run("show", "last");
    assert.equal(code, 2);
    assert.match(stderr, /There are no runs/);
    assert.match((await empty.run("runs")).stdout, /There are no runs .* Start one/);
  } finally {
    empty.remove();
  }
});

test("a workflow file that cannot be read is listed under its file's name", async () => {
  const own = makePlace();
  try {
    own.write("broken.workflow.yaml", "name: it\nsteps: [");
    own.write("empty.workflow.yaml", "");
    own.write("other.yaml", "services: {}\n");
    const { stdout } = await own.run("list");
    assert.match(stdout, /^broken .*cannot run: 2:\d+ This is not valid YAML/m);
    assert.match(stdout, /^empty .*cannot run: 1:1 This file is empty/m);
    assert.doesNotMatch(stdout, /other/);
    const started = await own.run("run", "broken", "--trust");
    assert.equal(started.code, 2);
    assert.match(started.stderr, /broken\.workflow\.yaml:2:\d+: error: This is not valid YAML/);
  } finally {
    own.remove();
  }
});

test("a file that cannot be written or read is the person's to mend, not a fault of ours", async () => {
  place.write(
    "quick.workflow.yaml",
    "name: quick\nversion: 1.0.0\nsteps:\n  - { id: done, type: return, value: 1 }\n",
  );
  assert.equal((await place.run("run", "quick", "--trust")).code, 0);
  for (const [to, why] of [
    ["no/such/folder/x", "no such file or folder"],
    [".", "it is a folder"],
  ]) {
    const { code, stdout, stderr } = await place.run("export", "last", "--to", to ?? "");
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, new RegExp(`^fermata: Cannot write .*: .*${why}\\. Name another file`));
  }
  const folder = await place.run("eval", "{{ 1 }}", "--context", ".");
  assert.deepEqual([folder.code, folder.stderr.includes("it is a folder")], [2, true]);
});

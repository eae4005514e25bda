/** Commands as nobody should type them, and machines as nobody should have them: a sentence and a number, never a stack. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { after, before, test } from "node:test";
import { CLI, endOf, makePlace } from "./spawnCli.ts";

const place = makePlace();
after(() => place.remove());

const ASK = `name: it
version: 1.0.0
inputs: { subject: { type: string, default: x } }
initial_state: { n: 1 }
steps:
  - { id: ask, type: prompt, input: text, message: "?" }
`;

before(async () => {
  place.write("it.workflow.yaml", ASK);
  place.write("plain", "nothing");
  mkdirSync(join(place.workspace, "dir.yaml"));
  const { code } = await place.run("run", "it", "--trust", "-i", "subject=\u001b[31mred");
  assert.equal(code, 5);
});

const LONG = "x".repeat(100_000);

const CASES: readonly (readonly [what: string, args: readonly string[], RegExp])[] = [
  ["an empty name", ["run", ""], /There is no workflow named ""/],
  [
    "a huge name",
    ["run", LONG],
    /^error: There is no workflow named x{99}…\. There are: .{0,300}\n$/,
  ],
  ["a file of another kind", ["run", "plain"], /plain is not taken for one.*\.yaml/],
  ["a folder", ["validate", "dir.yaml"], /dir\.yaml is not read: it is a folder/],
  ["nothing to migrate", ["migrate", "nope"], /^error: There is no workflow named nope.*\n$/],
  ["an input twice", ["run", "it", "-i", "a=1", "-i", "a=2"], /--input a is given twice/],
  ["a field twice", ["set", "last", "n=1", "n=2"], /n is given twice/],
  ["an answer twice", ["answer", "last", "ask", "x", "--reject"], /A value and --reject are two/],
  ["a run without a name", ["show", ""], /There is no run "" in/],
  ["a run that steers the screen", ["show", "\u001b[2J"], /no run ␛\[2J[\s\S]* it {2}␛\[31mred\n/],
  [
    "an unknown command's help",
    ["help", "rnus"],
    /unknown command 'rnus'\n\(Did you mean runs\?\)/,
  ],
  ["an empty workspace", ["-w", "", "runs"], /--workspace is empty/],
  ["an empty count", ["runs", "--limit", ""], /--limit "" is no count/],
];

test("what is typed wrong is told in a line", { concurrency: 2 }, async (t) => {
  await Promise.all(
    CASES.map(([what, args, says]) =>
      t.test(what, async () => {
        const { code, stdout, stderr } = await place.run(...args);
        assert.equal(code, 2, stderr);
        assert.match(`${stdout}${stderr}`, says);
        assert.doesNotMatch(stderr, /\n {4}at |fault of fermata/);
      }),
    ),
  );
});

test("without a home the system's own counts, and nothing lies in the workspace", async () => {
  const bare = makePlace({ HOME: "", XDG_STATE_HOME: "", XDG_CONFIG_HOME: "" });
  try {
    const { code, stdout } = await bare.run("where");
    assert.deepEqual([code, isAbsolute(stdout.trim())], [0, true], stdout);
  } finally {
    bare.remove();
  }
});

test("a file in the place of the state folder is named", async () => {
  const file = place.write("state", "");
  const odd = makePlace({ XDG_STATE_HOME: file });
  try {
    const { code, stderr } = await odd.run("runs");
    assert.equal(code, 1);
    assert.match(stderr, /^fermata: Cannot use .*state.*: a part of the path is no folder/);
  } finally {
    odd.remove();
  }
});

const FULL = process.platform === "linux" ? false : "needs /dev/full";

test("output that finds no room ends the program with a word", { skip: FULL }, async () => {
  const { workspace, env } = place;
  const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
  const child = spawn(process.execPath, [CLI, "runs"], { cwd: workspace, env, stdio: [...stdio] });
  const { code, stderr } = await endOf(child);
  assert.equal(code, 1);
  assert.match(stderr, /^fermata: The output cannot be written: ENOSPC[^\n]*\n$/);
});

test("a reader that goes away ends the program quietly", async () => {
  const child = place.start("help");
  child.stdout?.destroy();
  const { stderr } = await endOf(child);
  assert.equal(stderr, "");
});

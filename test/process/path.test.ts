import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { findCommand, loginShellPath } from "../../src/process/path.ts";
import { isAlive, readPids, readText, scratch, until } from "./until.ts";

test("finds the first executable file of that name", async (t) => {
  const folder = await scratch(t);
  const [a, b, c] = [join(folder, "a"), join(folder, "b"), join(folder, "c")];
  for (const dir of [a, b, c]) await mkdir(dir);
  await mkdir(join(a, "tool"));
  await writeFile(join(b, "tool"), "", { mode: 0o644 });
  await writeFile(join(c, "tool"), "", { mode: 0o755 });
  assert.equal(await findCommand("tool", `${a}:${b}::${c}`), join(c, "tool"));
  assert.equal(await findCommand("tool", `${a}:${b}`), undefined);
  assert.equal(await findCommand(join(c, "tool"), ""), join(c, "tool"));
  assert.equal(await findCommand(join(b, "tool"), c), undefined);
});

test("takes the PATH that a login shell prints, among what a profile prints", async (t) => {
  const shell = await fakeShell(
    t,
    'echo Welcome back; PATH=/from/profile:$PATH; eval "$4"; sleep 0',
  );
  const path = await loginShellPath({ shell, timeoutMs: 10_000 });
  assert.match(path ?? "", /^\/from\/profile:/);
});

test("does not wait for what a profile leaves running", async (t) => {
  const shell = await fakeShell(t, 'sleep 300 & echo $! > "$0.pid"; eval "$4"');
  assert.notEqual(await loginShellPath({ shell, timeoutMs: 10_000 }), undefined);
  const [daemon = 0] = readPids(`${shell}.pid`, 1) ?? [];
  assert.equal(isAlive(daemon), true, "it is the person's");
  process.kill(daemon, "SIGKILL");
});

test("gives up on a shell that fails, hangs or does not exist", async (t) => {
  assert.equal(await loginShellPath({ shell: "/no/such/shell", timeoutMs: 10_000 }), undefined);
  assert.equal(
    await loginShellPath({ shell: await fakeShell(t, "exit 1"), timeoutMs: 10_000 }),
    undefined,
  );
  const hanging = await fakeShell(t, 'echo $$ > "$0.pid"; sleep 300');
  assert.equal(await loginShellPath({ shell: hanging, timeoutMs: 300 }), undefined);
  const [pid = 0] = readPids(`${hanging}.pid`, 1) ?? [];
  await until("the shell's end", () => !isAlive(pid));
});

test("lets a shell that takes too long tidy up, and kills one that does not care", async (t) => {
  const tidy = await fakeShell(t, "trap 'echo 1 > \"$0.tidied\"; exit 1' HUP; sleep 300");
  assert.equal(await loginShellPath({ shell: tidy, timeoutMs: 1000 }), undefined);
  await until("what it tidied", () => readText(`${tidy}.tidied`) !== "");
  const deaf = await fakeShell(t, "trap '' HUP; echo $$ > \"$0.pid\"; sleep 300");
  assert.equal(await loginShellPath({ shell: deaf, timeoutMs: 1000 }), undefined);
  const [pid = 0] = readPids(`${deaf}.pid`, 1) ?? [];
  await until("its end", () => !isAlive(pid));
});

async function fakeShell(t: TestContext, script: string): Promise<string> {
  const file = join(await scratch(t), "shell");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

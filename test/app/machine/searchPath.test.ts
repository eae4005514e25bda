/** The PATH of the login shell is asked for once, only where it is trusted and needed, and what it lacks is kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSearchPath } from "../../../src/app/machine/searchPath.ts";

function asked(own: string, said: string | undefined) {
  const environment: Record<string, string | undefined> = { PATH: own };
  const calls: string[] = [];
  const trust = { given: true };
  const search = openSearchPath({
    environment,
    trusted: () => trust.given,
    shell: "/bin/shell",
    ask: async ({ shell }) => {
      calls.push(shell);
      return said;
    },
  });
  return { environment, calls, trust, search };
}

test("the shell's folders come first, those that only the host has stay", async () => {
  const { environment, calls, search } = asked("/usr/bin:/venv", "/opt/bin:/usr/bin:/opt/bin");
  assert.deepEqual(calls, []);
  await Promise.all([search.ready(), search.ready()]);
  await search.ready();
  assert.equal(environment.PATH, "/opt/bin:/usr/bin:/venv");
  assert.deepEqual(calls, ["/bin/shell"]);
  assert.deepEqual(search.seen(), { outcome: "differs", shell: "/bin/shell", added: ["/opt/bin"] });
});

test("a host that has all of them keeps its own order", async () => {
  const { environment, search } = asked("/venv:/usr/bin:/opt/bin", "/opt/bin:/usr/bin");
  await search.ready();
  assert.equal(environment.PATH, "/venv:/usr/bin:/opt/bin");
  assert.equal(search.seen()?.outcome, "same");
});

test("a shell that says nothing changes nothing, and is told of", async () => {
  const { environment, search } = asked("/usr/bin", undefined);
  await search.ready();
  assert.equal(environment.PATH, "/usr/bin");
  assert.equal(search.seen()?.outcome, "silent");
});

test("no shell is started in a folder without trust; with trust it is asked", async () => {
  const { environment, calls, trust, search } = asked("/usr/bin", "/opt/bin");
  trust.given = false;
  await search.ready();
  assert.deepEqual([calls, search.seen()], [[], undefined]);
  trust.given = true;
  await search.ready();
  assert.equal(environment.PATH, "/opt/bin:/usr/bin");
});

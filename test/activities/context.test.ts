/** What an agent is given beside its instructions, from a real folder; and that what became of it is told. */
import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { withContext } from "../../src/activities/context.ts";
import type { AgentRequest, ContextRequest } from "../../src/run/request.ts";
import { attemptIn, scratch } from "../agents/attempt.ts";

const FILES = {
  "src/gateway.ts": "export const limit = 512; // rate limiting of the gateway\n",
  "src/colours.ts": "export const red = '#f00';\n",
  "docs/limits.md": "# Limits\n\nRate limiting allows 100 requests per minute.\n",
  "out/gateway.js": "ignored\n",
  ".gitignore": "out/\n",
  ".env": "TOKEN=hidden\n",
  "logo.txt": "\0binary",
};

async function given(
  t: TestContext,
  context: Partial<ContextRequest>,
  more: Partial<AgentRequest> = {},
  room?: number,
) {
  const workspace = await scratch(t, FILES);
  const attempt = attemptIn(workspace);
  const request: AgentRequest = {
    activity: "agent",
    agent: "@task",
    instructions: "Mend the rate limiting",
    context: { files: [], texts: [], compress: true, ...context },
    ...more,
  };
  const gathered = await withContext(request, room, attempt.context);
  const notes = attempt.lines.map(({ text }) => text);
  return { gathered, notes, workspace, attempt, request };
}

function names({ gathered }: Awaited<ReturnType<typeof given>>): readonly string[] {
  return "code" in gathered
    ? [gathered.message]
    : (gathered.use?.parts.map(({ name }) => name) ?? []);
}

test("files by path, glob and folder; without what git ignores, secrets, binaries and what `!` names", async (t) => {
  assert.deepEqual(names(await given(t, { files: ["**/*gateway*"] })), ["src/gateway.ts"]);
  assert.deepEqual(names(await given(t, { files: ["src", "!**/colours.ts"] })), ["src/gateway.ts"]);
  assert.deepEqual(names(await given(t, { files: ["docs/limits.md", "**"] })), [
    ...["docs/limits.md", ".gitignore", "src/colours.ts", "src/gateway.ts"],
  ]);
  assert.deepEqual(names(await given(t, { files: ["*.nothing"] })), []);
});

test("the agent reads its instructions first, then each part under its name", async (t) => {
  const { gathered, notes } = await given(t, {
    files: ["src/gateway.ts"],
    texts: [{ name: "findings", text: "none yet" }],
  });
  assert.ok(!("code" in gathered));
  assert.equal(
    gathered.instructions,
    "Mend the rate limiting\n\n# Context\n\n## findings\nnone yet\n\n## src/gateway.ts\nexport const limit = 512; // rate limiting of the gateway",
  );
  assert.match(notes.join(), /^context: 2 parts of about \d+ tokens$/);
});

test("the attempts before are told with what they answered", async (t) => {
  const tried = [{ attempt: 1, message: "The line is down.", said: "half" }];
  const { gathered } = await given(t, {}, { tried });
  assert.ok(!("code" in gathered));
  assert.match(
    gathered.instructions,
    /## earlier attempts\nAttempt 1: The line is down\.\nIt answered: half$/,
  );
});

test("the step's room goes before the agent's; what was saved is told", async (t) => {
  const long = Array.from({ length: 300 }, (_, n) => `Then I looked at it for the time ${n}.`);
  const text = [...long, "ValueError in store.ts:41"].join("\n");
  const own = await given(t, { texts: [{ name: "log", text }], tokens: 200 }, {}, 100_000);
  assert.ok(!("code" in own.gathered) && own.gathered.use);
  const { tokens, whole, parts } = own.gathered.use;
  assert.ok(tokens <= 200 && whole > 2000, JSON.stringify(own.gathered.use));
  assert.deepEqual(parts, [{ name: "log", tokens, whole }]);
  assert.match(own.gathered.instructions, /ValueError in store\.ts:41/);
  assert.match(own.gathered.instructions, /## log \(shortened/);
  assert.match(own.notes.join(), /% saved, 1 made shorter\)$/);
  const agents = await given(t, { texts: [{ name: "log", text }] }, {}, 100);
  assert.ok(!("code" in agents.gathered) && (agents.gathered.use?.tokens ?? 101) <= 100);
});

test("what may not be made shorter and does not fit is a failure that says what to do", async (t) => {
  const texts = [{ name: "log", text: "word ".repeat(1000) }];
  const { gathered } = await given(t, { texts, compress: false, tokens: 100 });
  assert.ok("code" in gathered);
  assert.equal(gathered.code, "limit_exceeded");
  assert.match(gathered.message, /about 1251 tokens, and there is room for 100\. Raise/);
});

test("a path that is not there, leads out or holds secrets is a failure; a glob that finds nothing is none", async (t) => {
  const missing = await given(t, { files: ["docs/gone.md"] });
  assert.match(names(missing).join(), /names docs\/gone\.md: There is no .* Correct the path/);
  assert.match(
    names(await given(t, { files: ["../x"] })).join(),
    /outside the workspace\. Give a path inside it\.$/,
  );
  assert.match(names(await given(t, { files: [".env"] })).join(), /file of secrets/);
  assert.match(
    names(await given(t, { files: ["logo.txt"] })).join(),
    /It is not text\. Leave it out\.$/,
  );
  const { workspace, attempt, request } = missing;
  await symlink("/etc/hostname", join(workspace, "link.txt"));
  const context = { files: ["link.txt"], texts: [], compress: true };
  const led = await withContext({ ...request, context }, undefined, attempt.context);
  assert.ok("code" in led && /outside the workspace/.test(led.message));
});

test("a file that is too large to be read is told to the agent and to who watches, and one that is named fails", async (t) => {
  const workspace = await scratch(t, { ...FILES, "data/all.txt": "line\n".repeat(300_000) });
  const gatheredFrom = async (...files: string[]) => {
    const attempt = attemptIn(workspace);
    const context = { files, texts: [], compress: true };
    const request = {
      activity: "agent",
      agent: "@task",
      instructions: "Read it",
      context,
    } as const;
    const gathered = await withContext(request, undefined, attempt.context);
    return { gathered, notes: attempt.lines.map(({ text }) => text) };
  };
  const found = await gatheredFrom("data/*", "docs/*");
  assert.ok(!("code" in found.gathered));
  assert.match(found.gathered.instructions, /There was no room for: data\/all\.txt\.$/);
  assert.equal(found.notes[0], "context: larger than 1 MiB and not given: data/all.txt");
  const named = await gatheredFrom("data/all.txt");
  assert.ok("code" in named.gathered);
  assert.match(named.gathered.message, /larger than 1 MiB\. Let a step before cut out/);
  const none = await gatheredFrom("data/*.csv");
  assert.equal(none.notes[0], "context: nothing matches data/*.csv");
});

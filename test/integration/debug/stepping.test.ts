/** Debugging runs through the debug protocol: where they stop, and how they go on from there. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { answer, asks } from "../harness/product.ts";
import { first, launch, only, type Place, place } from "./debugged.ts";

test("the traffic of a session: a stop, values, a step over, into, out, and the end", async (t) => {
  const here = await place(t);
  const { client, app } = here;
  await launch(here, "main", [{ line: 10 }], { inputs: { who: "me" } });
  const stopped = await client.hear("stopped");
  assert.equal(stopped.reason, "breakpoint");
  assert.equal(await client.stack(), "two:9");
  assert.deepEqual(await client.scope("State"), [
    "n = 2",
    'deep = {"list":[1,{"x":2}]}',
    "said = null",
  ]);
  assert.deepEqual(await client.scope("Inputs"), ['who = "me"']);
  assert.deepEqual(await client.scope("Results"), ['one = {"n":2}']);
  await client.ask("next", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "each:13");
  await client.ask("stepIn", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "say:18 < each[0]:13");
  assert.deepEqual(await client.scope("Item"), [
    'item = "a"',
    'loop = {"index":1,"index0":0,"first":true,"last":false,"length":2}',
  ]);
  await client.ask("next", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "more:19 < each[0]:13");
  await client.ask("stepOut", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "sub:20");
  await client.ask("stepIn", { threadId: 1 });
  await client.hear("stopped");
  assert.equal(await client.stack(), "inner:7 < sub:20");
  await client.ask("continue", { threadId: 1 });
  assert.equal((await client.hear("exited")).exitCode, 0);
  await client.hear("terminated");
  await client.ask("disconnect");
  golden("session", here, await only(app));
});

test("entry, conditions, hit counts and logpoints; what cannot be set says why", async (t) => {
  const here = await place(t);
  const { client, file } = here;
  await launch(
    here,
    "main",
    [
      { line: 18, condition: 'item == "b"' },
      { line: 19, logMessage: "{item} of {loop.length} {{ state.said }}" },
      { line: 20, hitCondition: ">= 1" },
      { line: 21, hitCondition: "often" },
      { line: 21, condition: "state." },
    ],
    { stopOnEntry: true },
  );
  const told = /< setBreakpoints (.*)/.exec(client.traffic())?.[1] ?? "";
  const breakpoints: readonly { verified: boolean; message?: string }[] =
    JSON.parse(told).breakpoints;
  assert.deepEqual(
    breakpoints.map(({ verified }) => verified),
    [true, true, true, false, false],
  );
  assert.match(breakpoints[3]?.message ?? "", /hit count often/);
  assert.match(breakpoints[4]?.message ?? "", /condition cannot be read/);
  assert.equal((await client.hear("stopped")).reason, "entry");
  assert.equal(await client.stack(), "one:8");
  const elsewhere = { source: { path: file("sides") }, breakpoints: [{ line: 5 }] };
  const other = first((await client.ask("setBreakpoints", elsewhere)).breakpoints);
  assert.equal(other.verified, false);
  await client.ask("continue", { threadId: 1 });
  const output = await client.hear("output");
  assert.equal(output.output, "a of 2 a\n");
  assert.equal(output.line, 19);
  await client.hear("stopped");
  assert.equal(await client.stack(), "say:18 < each[1]:13");
  await client.ask("continue", { threadId: 1 });
  assert.equal((await client.hear("output")).output, "b of 2 b\n");
  await client.hear("stopped");
  assert.equal(await client.stack(), "sub:20");
  await client.ask("continue", { threadId: 1 });
  await client.hear("terminated");
});

test("branches are threads that stop and go on alone", async (t) => {
  const here = await place(t);
  const { client } = here;
  await launch(here, "sides", [{ line: 8 }, { line: 9 }]);
  const both = [await client.hear("stopped"), await client.hear("stopped")];
  const stacks = await Promise.all(both.map(({ threadId }) => client.stack(Number(threadId))));
  const left = both[stacks.indexOf("l:8 < left:5")] ?? assert.fail(stacks.join(" | "));
  const right = both[stacks.indexOf("r:9 < right:5")] ?? assert.fail(stacks.join(" | "));
  assert.equal(left.allThreadsStopped, false);
  const { threads } = await client.ask("threads");
  assert.equal(Array.isArray(threads) && threads.length, 3);
  await client.ask("next", { threadId: left.threadId ?? 0 });
  const again = await client.hear("stopped");
  assert.equal(again.threadId, left.threadId);
  assert.equal(await client.stack(Number(left.threadId)), "l2:8 < left:5");
  await client.ask("continue", { threadId: right.threadId ?? 0 });
  await client.ask("continue", { threadId: left.threadId ?? 0 });
  assert.match(await client.refused("next", { threadId: 1 }), /goes on already/);
  const app = here.app;
  const run = await only(app);
  await asks(app, run, "ask");
  await client.ask("pause", { threadId: 1 });
  assert.equal((await client.hear("stopped")).reason, "pause");
  assert.equal(await client.stack(), "ask:10");
  await client.ask("continue", { threadId: 1 });
  await answer(app, run, "ask", true);
  await client.hear("terminated");
});

function golden(name: string, { client, made }: Place, run: string): void {
  const path = new URL(`./${name}.txt`, import.meta.url);
  const text = `${client.traffic().replaceAll(made.workspace, "WORK").replaceAll(run, "RUN")}\n`;
  if (process.env.FERMATA_ACCEPT === "1") writeFileSync(path, text);
  assert.ok(existsSync(path), `no expectation: read this, then accept it\n${text}`);
  assert.equal(text, readFileSync(path, "utf8"));
}

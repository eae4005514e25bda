/** Questions inside foreach and parallel: any number at once, each answered alone, in any order, over restarts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { App } from "../../src/app/app.ts";
import { isFinished } from "../../src/run/state.ts";
import { answer, ends, reaches, scene, stand, start, workflow } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const ASKING = workflow(
  "it",
  `
steps:
  - id: every
    type: foreach
    items: "{{ ['a', 'b', 'c'] }}"
    steps:
      - { id: name, type: prompt, input: text, message: "Name {{ item }}" }
      - { id: sure, type: prompt, input: confirm, message: "Is {{ steps.name }} right?" }
      - { id: made, type: shell, command: ["sh", "-c", "echo $1 >> made", "-", "{{ item }}={{ steps.name.input }}"] }
      - { id: item, type: return, value: "{{ item }}={{ steps.name.input }}:{{ steps.sure.confirmed }}" }
  - id: sides
    type: parallel
    branches:
      - id: left
        steps: [{ id: pick, type: prompt, input: choice, options: [red, blue], message: "Which?" }]
      - id: right
        steps: [{ id: note, type: prompt, input: info, message: "Read this" }]
  - { id: end, type: return, value: { every: "{{ steps.every }}", pick: "{{ steps.sides.left.selected }}", read: "{{ steps.sides.right.acknowledged }}" } }
`,
);
const FILES = { "workflows/it.workflow.yaml": ASKING };
const END = { every: ["a=A:true", "b=B:false", "c=C:true"], pick: "blue", read: true };

async function open(app: App, run: string, count: number): Promise<readonly string[]> {
  const many = ({ breakpoints }: { readonly breakpoints: ReadonlyMap<string, unknown> }) =>
    breakpoints.size === count;
  const state = await reaches(app, run, `${count} questions`, many);
  return [...state.breakpoints.values()].map(({ path }) => path).sort();
}

test("all items and branches ask at once; answers come in any order", async (t) => {
  const app = await (await scene(t, FILES)).open();
  const run = await start(app, "it");
  assert.deepEqual(await open(app, run, 3), ["every[0]/name", "every[1]/name", "every[2]/name"]);
  await answer(app, run, "every[2]/name", "C");
  assert.deepEqual(await open(app, run, 3), ["every[0]/name", "every[1]/name", "every[2]/sure"]);
  const vague = await app.signal(run, { type: "answer", breakpoint: "name", answer: "x", by: "t" });
  assert.ok(!vague.ok, "two questions have that step's id");
  await answer(app, run, "every[0]/name", "A");
  await answer(app, run, "every[2]/sure", true);
  await answer(app, run, "every[1]/name", "B");
  await answer(app, run, "every[1]/sure", false);
  await answer(app, run, "every[0]/sure", true);
  assert.deepEqual(await open(app, run, 2), ["sides/left/pick", "sides/right/note"]);
  await answer(app, run, "sides/right/note", null);
  assert.deepEqual(await open(app, run, 1), ["sides/left/pick"]);
  await answer(app, run, "sides/left/pick", "blue");
  const state = await ends(app, run);
  assert.deepEqual(state.value, END, stand(state));
});

test("across the host's death after every answer nothing is asked or done again", async (t) => {
  const place = await scene(t, FILES);
  const host = await remote(t, place);
  const started = await host.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(started.ok);
  const { run } = started;
  await host.settled(run);
  await host.kill("SIGKILL");
  const answers = [
    ["every[1]/name", "B", 3],
    ["every[1]/sure", false, 2],
    ["every[2]/name", "C", 2],
    ["every[0]/name", "A", 2],
    ["every[0]/sure", true, 1],
    ["every[2]/sure", true, 2],
    ["sides/left/pick", "blue", 1],
    ["sides/right/note", true, 0],
  ] as const;
  for (const [path, value, left] of answers) {
    const next = await place.open();
    assert.deepEqual(await next.resumeInterrupted(), [run]);
    await answer(next, run, path, value);
    const state = await reaches(next, run, `what follows ${path}`, (now) =>
      left === 0 ? isFinished(now) : now.breakpoints.size === left && now.running === 0,
    );
    if (left === 0) assert.deepEqual(state.value, END, stand(state));
    await next.dispose();
  }
  const last = await place.open();
  const { records } = await last.exportRun(run);
  const events = (Array.isArray(records) ? records : []).map(({ event }) => event);
  const opened = events.filter(({ type }) => type === "breakpoint_opened").map(({ id }) => id);
  assert.equal(opened.length, 8);
  assert.equal(new Set(opened).size, 8);
  const made = events.filter(({ type, path }) => type === "task_started" && /made$/.test(path));
  assert.equal(made.length, 3);
});

test("an answers file answers what it knows, by path before step, and leaves the rest open", async (t) => {
  const app = await (await scene(t, FILES)).open();
  const answers = { name: "N", "every[1]/name": "B", sure: true, pick: "green" };
  const run = await start(app, "it", { answers: { id: "file", answers } });
  const state = await app.settled(run);
  assert.deepEqual([...state.breakpoints.values()].map(({ path }) => path).sort(), [
    "sides/left/pick",
    "sides/right/note",
  ]);
  await answer(app, run, "sides/left/pick", "red");
  await answer(app, run, "sides/right/note", true);
  const ended = await ends(app, run);
  assert.deepEqual(Object(ended.value).every, ["a=N:true", "b=B:true", "c=N:true"]);
  const { records } = await app.exportRun(run);
  const by = (Array.isArray(records) ? records : []).flatMap(({ event }) =>
    event.type === "breakpoint_answered" ? [event.answered_by] : [],
  );
  assert.deepEqual(by.sort(), [...Array(6).fill("policy file"), "tester", "tester"]);
});

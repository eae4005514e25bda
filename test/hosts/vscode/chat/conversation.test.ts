/** Talking with @fermata: over the real product, with a chat that only remembers what was said. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { App } from "../../../../src/app/app.ts";
import {
  type ChatButton,
  type ChatLine,
  type ConversationPorts,
  type Conversed,
  converse,
} from "../../../../src/hosts/vscode/chat/conversation.ts";
import { answer, asks, scene, start, workflow } from "../../../integration/harness/product.ts";

const FILES = {
  "workflows/pair.workflow.yaml": workflow(
    "pair-work",
    `
inputs: { topic: { type: string, required: true } }
steps:
  - id: both
    type: parallel
    branches:
      - { id: a, steps: [{ id: one, type: shell, command: "sleep 0.4" }] }
      - { id: b, steps: [{ id: two, type: shell, command: "sleep 0.4" }] }
  - { id: ask, type: prompt, input: text, message: "Which one?" }
  - { id: end, type: return, value: "{{ inputs.topic }} {{ steps.ask }}" }
`,
  ),
  "workflows/bad.workflow.yaml": workflow("bad-one", `steps: [{ id: x, type: nope }]`),
};

interface Said extends Conversed {
  readonly text: string;
  readonly progress: readonly string[];
  readonly buttons: readonly ChatButton[];
}

interface Chat {
  readonly app: App;
  say(text: string, more?: Partial<ChatLine>, ports?: Partial<ConversationPorts>): Promise<Said>;
}

async function chat(t: TestContext): Promise<Chat> {
  const place = await scene(t, FILES);
  const app = await place.open();
  const fill = (text: string, ...values: readonly (string | number)[]) =>
    text.replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)]));
  const say: Chat["say"] = async (text, more = {}, ports = {}) => {
    const parts: string[] = [];
    const progress: string[] = [];
    const buttons: ChatButton[] = [];
    const stream = {
      markdown: (part: string) => void parts.push(part),
      progress: (part: string) => void progress.push(part),
      button: (button: ChatButton) => void buttons.push(button),
    };
    const conversed = await converse(
      { app, me: "me", trusted: true, now: Date.now, t: fill, began: async () => {}, ...ports },
      { text, signal: new AbortController().signal, ...more },
      stream,
    );
    return { ...conversed, text: parts.join(""), progress, buttons };
  };
  return { app, say };
}

test("a line starts a workflow, its progress is told, and its question is a button away", async (t) => {
  const { app, say } = await chat(t);
  const began: string[] = [];
  const said = await say("pair about rivers", {}, { began: async (run) => void began.push(run) });
  const { run = "" } = said;
  assert.deepEqual(began, [run]);
  const [first] = await app.readEvents(run);
  assert.ok(first?.event.type === "run_started");
  assert.deepEqual(first.event.inputs, { topic: "about rivers" });
  assert.equal(first.event.started_by, "me");
  assert.match(said.text, new RegExp(`Started \\*\\*pair\\\\-work\\*\\* as \`${run}\``));
  assert.match(said.text, /- \? ask/);
  assert.match(said.text, /It waits for you\./);
  assert.deepEqual(
    said.buttons.map(({ command, argument }) => [command, argument]),
    [
      ["openRunView", { run }],
      ["answer", { run, breakpoint: "ask@1" }],
      ["openRunView", { run }],
    ],
  );
});

test("how long it took is told beside one after the other, of the run that was spoken of", async (t) => {
  const { app, say } = await chat(t);
  const run = await start(app, "pair-work", { inputs: { topic: "x" } });
  await asks(app, run, "ask");
  await answer(app, run, "ask", "this");
  await app.settled(run);
  await start(app, "pair-work", { inputs: { topic: "another" } });
  const said = await say("how long did it take, one after the other?", { lastRun: run });
  assert.match(
    said.text,
    /^It took .*s\. One step after the other it takes .*s: this was \d+\.\d times as fast\.$/,
  );
  assert.equal(said.run, run);
  const shown = await say(`/show`, { command: "show", text: run });
  assert.match(shown.text, /Done after/);
});

test("what is missing is named, and nothing starts", async (t) => {
  const { app, say } = await chat(t);
  const said = await say("pair");
  assert.match(said.text, /pair\\-work still needs `topic`\. Nothing was started\./);
  assert.equal(said.buttons[0]?.command, "runWorkflow");
  assert.deepEqual(said.next, ['pair-work topic="..."']);
  const locked = await say("pair about rivers", {}, { trusted: false });
  assert.match(locked.text, /Restricted Mode, so nothing was started/);
  assert.match((await say("bad one")).text, /No workflow fits/);
  assert.match((await say("which workflows?")).text, /bad\\-one\*\* It cannot run yet/);
  assert.deepEqual(await app.listRuns(), []);
});

test("a person who stops listening stops nothing", async (t) => {
  const { app, say } = await chat(t);
  const stop = new AbortController();
  stop.abort();
  const { run = "", text } = await say("pair about rivers", { signal: stop.signal });
  assert.doesNotMatch(text, /waits for you/);
  await asks(app, run, "ask");
  assert.match((await say("list runs")).text, new RegExp(`\`${run}\` Waiting for you`));
});

test("a model only proposes a line; what it says of itself starts nothing", async (t) => {
  const { app, say } = await chat(t);
  const guess = async () => ({ workflow: "pair-work", inputs: { topic: "boats `rm`" } });
  const said = await say("make me something about boats", {}, { guess });
  assert.deepEqual(said.next, ['pair-work topic="boats `rm`"']);
  assert.match(said.text, /If you mean this, send it: `pair-work topic="boats 'rm'"`/);
  assert.deepEqual(await app.listRuns(), []);
  const none = await say("make me a sandwich", {}, { guess: async () => undefined });
  assert.match(none.text, /No workflow fits these words/);
});

test("names and subjects are text, whatever markup they hold", async (t) => {
  const { app, say } = await chat(t);
  const hostile = "[x](command:workbench.action.quit) <img src=x onerror=y> ![p](http://h/p.png)";
  await start(app, "pair-work", { inputs: { topic: hostile } });
  const { text } = await say("runs", { command: "runs" });
  assert.doesNotMatch(text, /(?<!\\)\[|(?<!\\)<|(?<!\\)!/);
  assert.match(text, /\\\[x\\\]\\\(command\\:workbench/);
});

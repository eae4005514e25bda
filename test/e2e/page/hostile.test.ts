/** Three hundred hostile texts in every place of a run's page, in a real browser: none runs, none breaks the layout. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Recorded } from "../../../src/run/event.ts";
import type { Json } from "../../../src/util/json.ts";
import { begin, bundleOf, createProgram, simulate } from "../../run/simulate.ts";
import { hostileStrings, longLine } from "./hostileStrings.ts";
import { type OpenPage, openPage, settle } from "./openPage.ts";

const TEXTS = hostileStrings();
const NAMED = 60;

let opened: OpenPage;
let events: readonly Recorded[];

before(async () => {
  events = hostileRun();
  opened = await openPage();
  await opened.post({
    ...{ type: "snapshot", run: "run_1", me: "me", clock: Date.now(), events },
    driving: { driven: true, live: TEXTS.map((text, index) => [`named-${index % NAMED}`, text]) },
  });
});

after(() => opened.close());

test("there are three hundred of them, each another", () => {
  assert.equal(TEXTS.length, 300);
  assert.equal(new Set(TEXTS).size, 300);
});

test("names of steps and items in the timeline stay one row high and inside their column", async () => {
  const rows = Math.ceil(events.length);
  for (let top = 0; top < rows * 24; top += 600) {
    await opened.page.evaluate(
      `document.querySelector("fermata-run").shadowRoot.querySelector("fermata-timeline").shadowRoot.querySelector(".scroll").scrollTop = ${top}`,
    );
    await settle(opened.page);
    await check(`scrolled to ${top}`);
    if (await isAtEnd()) break;
  }
});

test("inputs, results, failures, files and transcripts of every item are only text", async () => {
  for (const [index, text] of TEXTS.entries()) {
    const path = `each[${index}]/one`;
    await opened.post({ type: "select", path });
    const lines = [{ at: 0, attempt: 1, kind: "text", text }];
    await opened.post({ type: "transcript", path, from: 0, total: 1, lines });
    if (index % 10 === 0 || index === TEXTS.length - 1) await check(path);
  }
  await opened.post({ type: "select", path: "long" });
  const text = longLine();
  const lines = [{ at: 0, attempt: 1, kind: "text", text }];
  await opened.post({ type: "transcript", path: "long", from: 0, total: 1, lines });
  await check("a line of a megabyte");
  await opened.screenshot("hostile-1-long-line");
});

test("graph, gates, report, the question, the state and the card are only text", async () => {
  await opened.post({ type: "select", path: "plan" });
  await check("the plan");
  await opened.screenshot("hostile-2-plan");
  for (const tab of ["graph", "gates", "report", "timeline"]) {
    await opened.page.locator(`#tab-${tab}`).click();
    const folded = opened.page.locator("fermata-gates [aria-expanded=false]");
    for (let left = await folded.count(); left > 0; left -= 1) await folded.first().click();
    assert.equal(await folded.count(), 0, tab);
    await settle(opened.page);
    await check(tab);
    await opened.screenshot(`hostile-3-${tab}`);
  }
  await opened.page.getByRole("button", { name: "State at this moment" }).click();
  await settle(opened.page);
  await check("the state");
  await opened.page.locator(".label").first().hover();
  await opened.page.locator("fermata-card[shown]").waitFor();
  await check("the card");
  await opened.post({ type: "refused", reason: TEXTS.slice(0, 40).join(" ") });
  await check("a reason");
});

test("nothing was sent that nobody pressed, and nothing of the page failed", async () => {
  const types = new Set((await opened.sent()).map(({ type }) => type));
  assert.deepEqual([...types].sort(), ["ready", "transcript"]);
  assert.deepEqual(opened.errors, []);
});

/** Nothing ran, nothing was loaded, nothing became an element, everything is in its place. */
async function check(where: string): Promise<void> {
  const found = await opened.page.evaluate(LOOK);
  assert.deepEqual(found, { canaries: 0, violations: [], foreign: [], broken: [] }, where);
  assert.match(opened.page.url(), /^http:\/\/127\.0\.0\.1:\d+\/$/, where);
  assert.equal(opened.page.frames().length, 1, where);
}

function isAtEnd(): Promise<boolean> {
  return opened.page.evaluate(
    `(() => { const s = document.querySelector("fermata-run").shadowRoot.querySelector("fermata-timeline").shadowRoot.querySelector(".scroll"); return s.scrollTop + s.clientHeight >= s.scrollHeight - 1; })()`,
  );
}

/** In the page: every element of every shadow tree. */
const LOOK = `(() => {
  const foreign = [], broken = [];
  const FOREIGN = new Set("script,img,iframe,object,embed,a,b,i,form,link,meta,base,math,video,audio,source,marquee,foreignobject,template,style".split(","));
  const visit = (root) => {
    for (const each of root.querySelectorAll("*")) {
      const name = each.localName.toLowerCase();
      // What is inside the icons, buttons and fields of the library is its own.
      const own = root === document || root.host.localName.startsWith("vscode-");
      if (!own && FOREIGN.has(name)) foreign.push(name);
      for (const { name: attribute } of each.attributes) if (!own && /^on|^href$|^src$/.test(attribute)) foreign.push(name + " " + attribute);
      if (each.matches(".label")) {
        const { height, right } = each.getBoundingClientRect();
        if (height !== 24 || right > 302) broken.push("row " + each.id.slice(0, 40) + " " + height + " " + right);
      }
      if (each.matches("fermata-task, fermata-gates, fermata-report, header, fermata-scrubber, .problem") && each.scrollWidth > each.clientWidth + 1)
        broken.push(name + " overflows " + each.scrollWidth + " " + each.clientWidth);
      if (each.shadowRoot) visit(each.shadowRoot);
    }
  };
  visit(document);
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  if (scrollWidth > clientWidth || scrollHeight > clientHeight) broken.push("the page overflows");
  return { canaries: window.canaries, violations: window.violations, foreign: foreign.slice(0, 5), broken: broken.slice(0, 5) };
})()`;

/** A run with the texts as item keys, inputs, results, failures, files, names, gates, state, and in a plan that waits. */
function hostileRun(): readonly Recorded[] {
  const program = createProgram();
  const named = TEXTS.slice(0, NAMED).map((name, index) => ({
    ...{ id: `named-${index}`, name: name.slice(0, 2000), type: "set_state", updates: {} },
  }));
  const check = { command: "true", metric: "(.*)", expect: ">= 1" };
  const bundle = bundleOf(
    JSON.stringify({
      ...{ name: "hostile", version: "1.0.0", inputs: { texts: { type: "array" } } },
      initial_state: { texts: null },
      steps: [
        {
          ...{
            id: "each",
            type: "foreach",
            items: "{{ inputs.texts }}",
            mode: "continue",
            key: "{{ item }}",
          },
          steps: [{ id: "one", type: "delegate", instructions: "{{ item }}" }],
        },
        { id: "keep", type: "set_state", updates: { texts: "{{ inputs.texts }}" } },
        ...named,
        { id: "long", type: "delegate", instructions: "long" },
        {
          id: "gate",
          type: "gate",
          enforce: false,
          gates: TEXTS.slice(0, 60).map((name) => ({
            name,
            category: "lint",
            check,
            severity: "warn",
          })),
        },
        {
          id: "plan",
          type: "approve",
          title: "{{ inputs.texts[1] }}",
          plan: "{{ inputs.texts | join('\\n') }}",
        },
      ],
    }),
  );
  const played = simulate(program, [begin(program, bundle, { texts: [...TEXTS] })], {
    outcome: ({ path }) => {
      const index = Number(/\[(\d+)\]/.exec(path)?.[1] ?? -1);
      const text = path === "long" ? longLine() : (TEXTS[index] ?? "");
      if (path === "gate") return { type: "completed", result: {} };
      if (index % 2 === 1)
        return {
          type: "failed",
          failure: { code: "agent_error", message: text, detail: { text } },
        };
      const result: Json = { response: text, files_changed: [text.slice(0, 500)] };
      return { type: "completed", result, usage: { input_tokens: 1, output_tokens: 1 } };
    },
    answer: () => undefined,
  });
  return played.records;
}

/** The page of a run for everybody: axe in four themes, all by keyboard, no motion and system colours where asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recorded } from "../../../src/run/event.ts";
import { begin, bundleOf, createProgram, simulate } from "../../run/simulate.ts";
import { axeFindings, loadAxe } from "./axe.ts";
import { type OpenPage, openPage, type PageOptions, settle, THEMES } from "./openPage.ts";

const WORKFLOW = `name: look
version: 1.0.0
phases: { work: { title: Work, estimate: 20s } }
initial_state: { note: none }
success_criteria: ["gates.pass_rate >= 90"]
steps:
  - id: many
    type: foreach
    phase: work
    items: [a, b, c]
    steps: [{ id: one, name: One turn, type: delegate, instructions: "{{ item }}", retry: { max_attempts: 2, delay: 1s }, estimate: 5s }]
  - { id: check, type: gate, gates: [{ name: small, check: "1 < 2" }, { name: large, check: "1 > 2", severity: warn }] }
  - { id: plan, type: approve, title: A plan, plan: "1. Build", allow: [edit] }
`;

function eventsOf(): readonly Recorded[] {
  const program = createProgram();
  const { records } = simulate(program, [begin(program, bundleOf(WORKFLOW), {})], {
    outcome: ({ path }, failed) =>
      path.includes("[1]") && failed === 0
        ? {
            type: "failed",
            failure: { code: "agent_error", message: "It ended without an answer." },
          }
        : {
            ...{ type: "completed", result: { response: "fine", files_changed: ["a.ts"] } },
            usage: { input_tokens: 100, output_tokens: 20, cost_usd: 0.1 },
          },
    answer: () => undefined,
  });
  return records.map((record) => ({ ...record, at: (record.at ?? 0) + record.seq * 700 }));
}

async function openRun(options: PageOptions): Promise<OpenPage> {
  const opened = await openPage(options);
  const events = eventsOf();
  const clock = (events.at(-1)?.at ?? 0) + 2000;
  await opened.post({
    ...{ type: "snapshot", run: "run_1", me: "me", clock, events },
    driving: { driven: true, live: [] },
  });
  return opened;
}

for (const theme of THEMES)
  test(`axe finds nothing of ours in ${theme}, and the policy stopped nothing`, async (t) => {
    const opened = await openRun({ theme });
    t.after(() => opened.close());
    const { page } = opened;
    await opened.post({ type: "select", path: "many[1]/one" });
    for (const summary of await page.locator("fermata-task summary").all()) await summary.click();
    await page.locator("fermata-tabs #tab-timeline").waitFor();
    await opened.screenshot(`page-${theme}-timeline`);
    assert.deepEqual(await opened.violations(), []);
    await loadAxe(page);
    for (const tab of ["timeline", "graph", "gates", "report"]) {
      await page.locator(`#tab-${tab}`).click();
      await settle(page);
      assert.deepEqual(await axeFindings(page), [], `${theme}, ${tab}`);
      await opened.screenshot(`page-${theme}-${tab}`);
    }
    await opened.post({ type: "select", path: "plan" });
    assert.deepEqual(await axeFindings(page), [], `${theme}, a question`);
  });

/** A question of each kind that something is typed into. */
const TYPED = [
  "{ id: a, type: prompt, input: text, message: What? }",
  "{ id: a, type: prompt, input: form, message: How?, fields: { where: { type: string, label: Where } } }",
  "{ id: a, type: delegate, instructions: Make it better, supervise: { max_iterations: 1, escalation: { reroute: ['@other'] } } }",
];

test("what a person types into has a name, whatever is asked", async (t) => {
  const opened = await openPage({});
  t.after(() => opened.close());
  await loadAxe(opened.page);
  const program = createProgram();
  for (const [index, step] of TYPED.entries()) {
    const bundle = bundleOf(`name: look\nversion: 1.0.0\nsteps:\n  - ${step}\n`);
    const { records: events } = simulate(program, [begin(program, bundle, {})], {
      outcome: () => ({ type: "completed", result: { response: "fine?" } }),
      answer: () => undefined,
    });
    const driving = { driven: true, live: [] };
    const run = `run_${index}`;
    await opened.post({ type: "snapshot", run, me: "me", clock: 0, events, driving });
    await opened.page.locator("fermata-answer :is(textarea, input)").first().waitFor();
    assert.deepEqual(await axeFindings(opened.page), [], step);
  }
});

test("everything is reached and moved by keyboard, and what is in focus is to be seen", async (t) => {
  const opened = await openRun({});
  t.after(() => opened.close());
  const { page } = opened;
  await page.locator("fermata-timeline .labels").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page
    .locator('.label.selected[aria-selected="true"]', { hasText: "A plan" })
    .or(page.locator("#row-plan.selected"))
    .first()
    .waitFor();
  await page.locator("fermata-card[shown]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("fermata-card[shown]").waitFor({ state: "detached" });
  await page.locator("#tab-timeline").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator('#tab-graph[aria-selected="true"]').waitFor();
  await page.keyboard.press("Tab");
  const stops = await page.evaluate<number>(
    `[...document.querySelector("fermata-run").shadowRoot.querySelector("fermata-graph").shadowRoot.querySelectorAll('[tabindex="0"]')].length`,
  );
  assert.equal(stops, 1, "a graph is one stop of the tab key");
  await page.locator('fermata-graph .box[tabindex="0"]').focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator("fermata-graph .box.selected").waitFor();
  const slider = page.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.locator("fermata-scrubber", { hasText: /event 1 of/ }).waitFor();
  const outline = await page.evaluate<string>(
    `getComputedStyle(document.querySelector("fermata-run").shadowRoot.querySelector("fermata-scrubber").shadowRoot.querySelector("input")).outlineStyle`,
  );
  assert.notEqual(outline, "none");
});

test("nothing moves by itself where less motion is asked for", async (t) => {
  const opened = await openRun({ reducedMotion: true });
  t.after(() => opened.close());
  await opened.page.locator("fermata-timeline .label").first().waitFor();
  const spinning = await opened.page.locator("vscode-icon[spin]").count();
  const moving = await opened.page.evaluate<number>("document.getAnimations().length");
  assert.deepEqual([spinning, moving], [0, 0]);
});

test("system colours leave bars and boxes to be seen", async (t) => {
  const opened = await openRun({ forcedColors: true });
  t.after(() => opened.close());
  await opened.page.locator("fermata-timeline .label").first().waitFor();
  await opened.screenshot("page-forced-colours");
  assert.ok((await opened.page.locator("fermata-timeline .bar").count()) > 3);
});

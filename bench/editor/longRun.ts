/** A run of ten thousand events in a real editor, looked at while a hundred more a second come. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { spreadOf } from "../../src/report/percentile.ts";
import type { Editor } from "../../test/e2e/harness/editor.ts";
import { until } from "../../test/e2e/harness/until.ts";
import { pressInline, showViews, startProduct } from "../../test/e2e/product.ts";
import type { Scorecard } from "../scorecard.ts";
import { createProbe, PROFILES, type Probe } from "./probe.ts";
import { frameWork, watchPage } from "./watchPage.ts";

/** Two events an item; then three an item, ten items at once of 300 ms each: a hundred events a second. */
const BEFORE = 4300;
const DURING = 460;

const WORKFLOW = `name: long
version: 1.0.0
initial_state: { n: 0 }
steps:
  - id: before
    type: foreach
    items: "{{ range(${BEFORE}) }}"
    steps: [{ id: note, type: set_state, updates: { n: "{{ item }}" } }]
  - { id: hold, type: prompt, input: confirm, message: Go on? }
  - id: during
    type: foreach
    items: "{{ range(${DURING}) }}"
    steps: [{ id: rest, type: wait, duration: 300ms }]
  - { id: end, type: prompt, input: confirm, message: Over? }
`;

export async function longRun(card: Scorecard): Promise<void> {
  const probe = await createProbe();
  const product = await startProduct({ env: probe.env, beside: [probe.vsix] }, (workspace) => {
    writeFileSync(join(workspace, "long.workflow.yaml"), WORKFLOW);
  });
  const { editor } = product;
  try {
    const frame = await openHeldRun(editor);
    await measure(card, editor, frame, probe);
  } finally {
    await product.dispose();
    probe.dispose();
  }
}

/** Starts the run, and looks at it once it stands at its first question. */
async function openHeldRun(editor: Editor): Promise<Frame> {
  await showViews(editor);
  await editor.untilTree((rows) => rows.some(({ text }) => text.startsWith("long")));
  await pressInline(editor, "long", "Run Workflow");
  await editor.untilTree(
    (rows) => rows.some(({ text }) => /^long.*Waiting for you/.test(text)),
    120_000,
  );
  await pressInline(editor, "longWaiting for you", "Open Run View");
  await untilCount(editor, (count) => count >= 2 * BEFORE);
  const handle = await editor.webview().locator("html").elementHandle();
  const frame = await handle?.ownerFrame();
  if (!frame) throw new Error("the run view has no frame");
  return frame;
}

async function measure(card: Scorecard, editor: Editor, frame: Frame, probe: Probe): Promise<void> {
  const page = () => editor.webview();
  const watched = await watchPage(frame);
  const browser = editor.page.context().browser();
  if (!browser) throw new Error("the editor has no browser");
  await probe.again();
  const work = await frameWork(browser, frame, async () => {
    await page().getByRole("button", { name: "Yes" }).click();
    await watched.shows(2 * BEFORE + 3 * DURING);
  });
  const held = await probe.held();
  await probe.keep("run");
  const figures = await watched.figures();
  if (PROFILES) writeFileSync(join(PROFILES, "run.page.json"), JSON.stringify(figures));
  const { painted, told, frames, otherFrames, messages, time } = figures;
  card.section(`A run of ${2 * BEFORE + 3 * DURING} events in a real editor`);
  const rate = `${(painted.length / (time / 1000)).toFixed(0)} events and ${(messages / (time / 1000)).toFixed(0)} messages a second`;
  const add = (name: string, value = Number.NaN, most?: number, more?: string) =>
    card.add({
      name,
      value,
      unit: "ms",
      ...(most ? { goal: { most } } : {}),
      ...(more ? { more } : {}),
    });
  add("event decided to painted, p95", spreadOf(painted)?.p95, 50, rate);
  add("event decided to painted, median", spreadOf(painted)?.p50);
  add("of that until the page was told, p95", spreadOf(told)?.p95);
  add("of that until the page was told, median", spreadOf(told)?.p50);
  const apart = `${frames.length} frames; ${Math.max(...otherFrames).toFixed(0)} ms while the trace began or ended`;
  add("longest time between two frames", Math.max(...frames), 100, apart);
  add("time between two frames, p99", spreadOf(frames)?.p99);
  add("work in a frame (processor time), longest", Math.max(...work), 100);
  add("work in a frame (processor time), p95", spreadOf(work)?.p95);
  add(
    "event loop held up by the host's own work, longest",
    Math.max(0, ...held.map(({ own }) => own)),
    50,
  );
  add("event loop held up, longest", Math.max(0, ...held.map(({ gap }) => gap)));
}

async function untilCount(editor: Editor, holds: (count: number) => boolean): Promise<void> {
  const read = async () => {
    const text = await editor
      .webview()
      .locator("fermata-scrubber .count")
      .textContent({ timeout: 1000 })
      .catch(() => "");
    return Number(/of (\d+)/.exec(text ?? "")?.[1] ?? 0);
  };
  await until("the events", read, holds, { timeoutMs: 60_000 });
}

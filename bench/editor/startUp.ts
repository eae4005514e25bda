/** What a window's start costs where a thousand runs are stored: the product's own activation, and its look for more. */
import { homedir } from "node:os";
import { mayHaveUnfinishedRuns } from "../../src/app/glance.ts";
import { stateFolder } from "../../src/journal/stateFolder.ts";
import type { Editor } from "../../test/e2e/harness/editor.ts";
import { until } from "../../test/e2e/harness/until.ts";
import { startProduct } from "../../test/e2e/product.ts";
import { recordsOf, storeRun } from "../../test/journal/history/storedRuns.ts";
import { median, timed } from "../measure.ts";
import type { Scorecard } from "../scorecard.ts";
import { createProbe } from "./probe.ts";

const RUNS = 1000;

export async function startUp(card: Scorecard, rounds: number): Promise<void> {
  const probe = await createProbe();
  const looks: number[] = [];
  const product = await startProduct(
    { env: probe.env, beside: [probe.vsix] },
    async (workspace, state) => {
      const where = { env: { XDG_STATE_HOME: state }, platform: process.platform, home: homedir() };
      await storeFinished(stateFolder({ ...where, workspace }));
      for (let round = 0; round <= rounds; round++)
        looks.push(await timed(async () => void mayHaveUnfinishedRuns({ ...where, workspace })));
    },
  );
  try {
    const activation = await activationTime(product.editor);
    await probe.again();
    await product.editor.runCommand("Probe: Load Fermata");
    const loaded = await probe.loaded();
    const held = await probe.held();
    await probe.keep("start");
    card.section(`A window's start with ${RUNS} stored runs`);
    const add = (name: string, value: number, most?: number) =>
      card.add({ name, value, unit: "ms", ...(most === undefined ? {} : { goal: { most } }) });
    add("activation, as the editor tells it", activation, 250);
    add("looking for unfinished runs", median(looks.slice(1)), 20);
    add("the whole loaded and every run listed, at first use", loaded);
    add(
      "event loop held up by that (own work), longest",
      Math.max(0, ...held.map(({ own }) => own)),
    );
  } finally {
    await product.dispose();
    probe.dispose();
  }
}

/** Runs that are over: a look has to go through all of them. */
async function storeFinished(state: string): Promise<void> {
  let stored = 0;
  for (let number = 0; stored < RUNS; number++) {
    if (recordsOf(number).at(-1)?.event.type !== "run_finished") continue;
    await storeRun(state, number);
    stored += 1;
  }
}

/** What the editor's own list of running extensions says. */
async function activationTime(editor: Editor): Promise<number> {
  await editor.runCommand("Developer: Show Running Extensions");
  const row = editor.page.locator(".runtime-extensions-editor .monaco-list-row", {
    hasText: "Fermata",
  });
  const read = async () =>
    (await row
      .first()
      .textContent({ timeout: 2000 })
      .catch(() => "")) ?? "";
  const text = await until("the running extensions", read, (seen) => /\d+ms/.test(seen));
  // It lies over the workbench, which hears no key meanwhile.
  const cover = editor.page.locator(".monaco-modal-editor-block [aria-label^='Close']");
  if ((await cover.count()) > 0) await cover.first().click();
  return Number(/(\d+)ms/.exec(text)?.[1]);
}

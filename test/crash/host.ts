/**
 * A host that kills itself, with SIGKILL, at a chosen write of a run's journal: before the write, between write and
 * sync, or after the sync. A real process over the real product; only the moment is chosen.
 * Usage: host.ts JSON, see `HostOrder`. Prints one JSON line: the end it came to.
 */

import type { App } from "../../src/app/app.ts";
import { composeApp } from "../../src/app/compose.ts";
import { createDisk, type Disk } from "../../src/journal/disk.ts";
import type { JsonObject } from "../../src/util/json.ts";

export interface HostOrder {
  readonly workspace: string;
  readonly template: string;
  readonly inputs: JsonObject;
  readonly answers: JsonObject;
  readonly settings: JsonObject;
  /** Absent: live to the end. `write` counts from 1 over the writes to journals of this process. */
  readonly death?: { readonly write: number; readonly when: "before" | "between" | "after" };
}

export interface HostEnd {
  readonly run: string;
  readonly status: string;
  readonly value: unknown;
  /** Writes to the journal that this process made. */
  readonly writes: number;
}

const order: HostOrder = JSON.parse(process.argv[2] ?? "{}");
let writes = 0;

const app = await composeApp({
  workspace: order.workspace,
  env: process.env,
  settings: order.settings,
  trusted: true,
  disk: mortalDisk(),
  log: (message, cause) => process.stderr.write(`${message} ${String(cause)}\n`),
});
const run = await beginOrResume(app);
const state = await app.settled(run);
const watch = await app.watchRun(run);
watch?.dispose();
const end: HostEnd = { run, status: state.status, value: state.value ?? null, writes };
await app.dispose();
process.stdout.write(`${JSON.stringify(end)}\n`);

async function beginOrResume(product: App): Promise<string> {
  const answers = { id: "test", answers: order.answers };
  const known = (await product.listRuns()).find((summary) => summary.damage === undefined);
  if (known) {
    const opened = await product.openRun(known.run, { answers });
    if (!opened.ok) throw new Error(opened.failure.message);
    return known.run;
  }
  const started = await product.startRun({
    template: order.template,
    inputs: order.inputs,
    startedBy: "test",
    answers,
  });
  if (!started.ok) throw new Error(started.failure.message);
  return started.run;
}

function mortalDisk(): Disk {
  const real = createDisk();
  return {
    ...real,
    openAppend: async (path) => {
      const file = await real.openAppend(path);
      if (!path.endsWith("journal.jsonl")) return file;
      return {
        ...file,
        write: async (bytes) => {
          writes += 1;
          die("before");
          return file.write(bytes);
        },
        datasync: async () => {
          die("between");
          await file.datasync();
          die("after");
        },
      };
    },
  };
}

function die(when: "before" | "between" | "after"): void {
  if (order.death?.write === writes && order.death.when === when)
    process.kill(process.pid, "SIGKILL");
}

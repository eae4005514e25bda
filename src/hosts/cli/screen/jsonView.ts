/**
 * A run for a program: one JSON object a line, each event once it is durable, in order and without gaps.
 * Owns the shape of those lines; docs/cli.md describes it.
 */
import type { App } from "../../../app/app.ts";
import type { Recorded } from "../../../run/event.ts";
import { printable } from "../../../views/printable.ts";
import type { RunView } from "./runView.ts";
import type { Terminal } from "./terminal.ts";

/** A view whose stdout is for a program; notes go to stderr. */
export function createJsonView(terminal: Terminal, app: App): RunView {
  let last = 0;
  let ready = false;
  let run = "";
  const early: Recorded[] = [];
  const tell = (records: readonly Recorded[]): void => {
    for (const { seq, at, event } of records) {
      if (seq <= last) continue;
      last = seq;
      terminal.line(JSON.stringify({ type: "event", seq, at, event }));
    }
  };
  return {
    start: async (watch) => {
      run = watch.run;
      tell(await app.readEvents(run));
      ready = true;
      tell(early.splice(0));
    },
    change: (change) => {
      if (change.type === "refused") {
        const { path, reason } = change;
        terminal.line(JSON.stringify({ type: "refused", run, path, reason }));
        terminal.error(printable(`${path}: ${reason}`));
      }
      if (change.type !== "records") return;
      if (ready) tell(change.records);
      else early.push(...change.records);
    },
    note: (text) => {
      if (text !== "") terminal.error(text);
    },
    pause: () => undefined,
    resume: () => undefined,
    stop: () => undefined,
  };
}

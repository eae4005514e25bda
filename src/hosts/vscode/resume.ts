/**
 * Takes up again what a host that stopped left unfinished, in a trusted folder, and only what this machine created.
 * Owns when to look: at the start, when trust is given, and while a window that was reloaded is still letting go.
 */
import * as vscode from "vscode";
import type { Ownership } from "../../app/app.ts";
import type { Session } from "./session.ts";

/**
 * So long after the start a run that its host lets go of is taken up here: the extension host of before a reload may
 * outlive it by some seconds. Later a second window only follows.
 */
const SUCCESSION = 60_000;

/** Looks now, and again as described above, until disposed. */
export function resumeInterrupted(session: Session): vscode.Disposable {
  const began = Date.now();
  const owners = new Map<string, Ownership>();
  let last = Promise.resolve<unknown>(undefined);
  const look = (): void => {
    last = last.then(() => resume(session)).catch(session.fault);
  };
  const stop = session.model.onChange(({ runs }) => {
    for (const run of runs) {
      const now = session.model.find(run)?.ownership;
      const before = owners.get(run);
      if (now !== undefined) owners.set(run, now);
      if (before === "elsewhere" && now === "nobody" && Date.now() - began < SUCCESSION) look();
    }
  });
  look();
  return { dispose: stop };
}

async function resume({ app, log, model }: Session): Promise<void> {
  await model.refresh();
  const open = model
    .list()
    .some(({ summary, ownership }) => summary.ended_at === undefined && ownership === "nobody");
  if (!open || !vscode.workspace.isTrusted) return;
  for (const run of await app.resumeInterrupted()) {
    log.info(`Resumed ${run}.`);
    await model.follow(run);
  }
}

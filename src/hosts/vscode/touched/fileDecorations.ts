/**
 * Marks files that a run touched, in the explorer and on tabs, with the run and the task on hover. A mark goes with its
 * run, or when another run touches the file. Owns the marks; what is remembered is touches.ts's matter.
 */
import * as vscode from "vscode";
import { printableLine } from "../../../views/printable.ts";
import { editorSettings, SECTION } from "../configuration.ts";
import type { Session } from "../session.ts";
import {
  changedNames,
  nameIn,
  readTouches,
  type Touch,
  type Touches,
  withoutRemoved,
  withRecords,
} from "./touches.ts";

const KEY = "fermata.touched";
const SEEN = "fermata.touchedUntil";

/** Registers the marks. */
export function registerFileDecorations(session: Session): vscode.Disposable {
  const { model, folder, context } = session;
  const store = context.workspaceState;
  const changed = new vscode.EventEmitter<vscode.Uri[]>();
  let touches = readTouches(store.get(KEY));
  let known: Promise<void> = Promise.resolve();
  const take = (next: Touches): void => {
    if (next === touches) return;
    const names = changedNames(touches, next);
    touches = next;
    store.update(KEY, [...next]).then(undefined, session.fault);
    changed.fire(names.map((name) => vscode.Uri.joinPath(folder.uri, name)));
  };
  const add = (run: string, records: Parameters<typeof withRecords>[2]): void =>
    take(withRecords(touches, run, records, folder.uri.fsPath));
  const seen = new Set<string>();
  const since = store.get<number>(SEEN, 0);
  /** What a run did before this window looked at it: read once, and only where it moved on since the last time. */
  const catchUp = (): void => {
    const runs = model
      .list()
      .filter(({ run, summary }) => !seen.has(run) && summary.damage === undefined);
    for (const { run, summary } of runs) {
      seen.add(run);
      if (summary.updated_at <= since) continue;
      known = known
        .then(async () => add(run, await session.app.readEvents(run)))
        .catch(session.fault);
    }
    if (runs.length > 0) store.update(SEEN, Date.now()).then(undefined, session.fault);
  };
  const stop = [
    model.onRecords(add),
    model.onChange(({ list }) => {
      catchUp();
      if (list) take(withoutRemoved(touches, model.isGone));
    }),
  ];
  const provider = vscode.window.registerFileDecorationProvider({
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration: (uri) => {
      if (uri.scheme !== "file" || !editorSettings(folder).fileDecorations) return undefined;
      const name = nameIn(folder.uri.fsPath, uri.fsPath);
      const touch = name === undefined ? undefined : touches.get(name);
      return touch && decorationOf(session, touch);
    },
  });
  const switched = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${SECTION}.fileDecorations`))
      changed.fire([...touches.keys()].map((name) => vscode.Uri.joinPath(folder.uri, name)));
  });
  return vscode.Disposable.from(provider, switched, changed, {
    dispose: () => {
      for (const each of stop) each();
    },
  });
}

function decorationOf({ model }: Session, { run, path }: Touch): vscode.FileDecoration {
  const entry = model.find(run);
  const workflow = printableLine(entry?.summary.workflow ?? run);
  const task = printableLine(entry?.state?.tasks.get(path)?.title ?? path);
  return {
    badge: "Fe",
    tooltip: vscode.l10n.t("Changed by {0}, {1} ({2})", workflow, task, run),
  };
}

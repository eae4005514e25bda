/**
 * Keeps what was begun of plans in the window's own storage, one draft for each version of a plan, so that a reload
 * loses no word. Owns the keys; what is in a draft is draft.ts's matter.
 */
import * as vscode from "vscode";
import { type Draft, EMPTY_DRAFT, isEmptyDraft, readDraft } from "./draft.ts";

/** What names one version of one task's plan. */
export interface DraftOf {
  readonly run: string;
  readonly path: string;
  readonly version: number;
  /** Of the text that was shown. */
  readonly hash: string;
}

export interface Drafts extends vscode.Disposable {
  get(plan: DraftOf): Draft;
  set(plan: DraftOf, draft: Draft): Promise<void>;
  /** What was begun has been sent, or is no longer wanted. */
  forget(plan: DraftOf): Promise<void>;
  /** Forgets what was begun in runs that are gone. */
  keepOnly(isThere: (run: string) => boolean): Promise<void>;
  readonly onChange: vscode.Event<void>;
}

const PREFIX = "fermata.draft ";

/** Drafts over a store that outlives the window. */
export function createDrafts(store: vscode.Memento): Drafts {
  const changed = new vscode.EventEmitter<void>();
  const set = async (plan: DraftOf, draft: Draft): Promise<void> => {
    const kept = isEmptyDraft(draft) ? undefined : draft;
    const done = store.update(keyOf(plan), kept);
    changed.fire();
    await done;
    changed.fire();
  };
  return {
    get: (plan) => readDraft(store.get(keyOf(plan))),
    set,
    forget: (plan) => set(plan, EMPTY_DRAFT),
    keepOnly: async (isThere) => {
      const gone = store
        .keys()
        .filter((key) => key.startsWith(PREFIX))
        .filter((key) => !isThere(key.slice(PREFIX.length).split(" ")[0] ?? ""));
      for (const key of gone) await store.update(key, undefined);
    },
    onChange: changed.event,
    dispose: () => changed.dispose(),
  };
}

function keyOf({ run, path, version, hash }: DraftOf): string {
  return `${PREFIX}${run} ${version} ${hash} ${path}`;
}

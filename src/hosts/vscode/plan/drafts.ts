/**
 * Keeps what was begun of plans, one draft for each version of a plan, so that neither a reload nor a crash loses a word
 * that the editor called saved. Owns the keys; what is in a draft is draft.ts's matter, the disk draftFiles.ts's.
 */
import * as vscode from "vscode";
import type { Json } from "../../../util/json.ts";
import { type Draft, EMPTY_DRAFT, isEmptyDraft, readDraft } from "./draft.ts";
import { openDraftFiles } from "./draftFiles.ts";

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
  /** Resolves once it is on the disk. Rejects with what to do when the disk refuses: then the draft is as it was. */
  set(plan: DraftOf, draft: Draft): Promise<void>;
  /** What was begun has been sent, or is no longer wanted. */
  forget(plan: DraftOf): Promise<void>;
  /** Takes away what was begun of the plans of runs that are gone. */
  forgetRuns(isGone: (run: string) => boolean): Promise<void>;
  readonly onChange: vscode.Event<void>;
}

/** Drafts over a folder that outlives the window. */
export async function openDrafts(folder: string): Promise<Drafts> {
  const files = await openDraftFiles(folder);
  const known = new Map<string, Draft>();
  for (const [key, stored] of files.found) known.set(key, readDraft(stored));
  const changed = new vscode.EventEmitter<void>();
  const set = async (key: string, draft: Draft): Promise<void> => {
    const before = known.get(key) ?? EMPTY_DRAFT;
    known.set(key, draft);
    changed.fire();
    try {
      await files.write(key, isEmptyDraft(draft) ? undefined : asJson(draft));
    } catch (error) {
      if (known.get(key) === draft) known.set(key, before);
      changed.fire();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        vscode.l10n.t(
          "What you began of this plan could not be kept in {0}: {1}. Make room or rights there, then save again.",
          folder,
          reason,
        ),
      );
    }
    changed.fire();
  };
  return {
    get: (plan) => known.get(keyOf(plan)) ?? EMPTY_DRAFT,
    set: (plan, draft) => set(keyOf(plan), draft),
    forget: (plan) => set(keyOf(plan), EMPTY_DRAFT),
    forgetRuns: async (isGone) => {
      const left = [...known].filter(([key, draft]) => !isEmptyDraft(draft) && isGone(runIn(key)));
      for (const [key] of left) await set(key, EMPTY_DRAFT);
    },
    onChange: changed.event,
    dispose: () => changed.dispose(),
  };
}

function keyOf({ run, path, version, hash }: DraftOf): string {
  return `${run} ${version} ${hash} ${path}`;
}

function runIn(key: string): string {
  return key.slice(0, key.indexOf(" "));
}

function asJson({ threads, dropped, edit }: Draft): Json {
  return {
    threads: threads.map(({ line, end, texts }) => ({ line, end, texts })),
    dropped,
    ...(edit === undefined ? {} : { edit }),
  };
}

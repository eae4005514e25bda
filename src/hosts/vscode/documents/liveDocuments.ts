/**
 * Read-only documents that move on with a run: a transcript, a run as text, what the doctor found.
 * Owns their addresses and when they are read again; what stands in them is made beside.
 */
import * as vscode from "vscode";
import { parseQuery } from "../../../run/history/query.ts";
import { isFinished } from "../../../run/state.ts";
import type { Session } from "../session.ts";
import { doctorText } from "./doctorText.ts";
import { healthPage, statsPage } from "./figuresText.ts";
import { runAsText } from "./runAsText.ts";
import { transcriptText } from "./transcriptText.ts";

export type LiveDocument =
  | {
      readonly kind: "transcript";
      readonly run: string;
      readonly path: string;
      readonly title: string;
    }
  | { readonly kind: "run"; readonly run: string; readonly title: string }
  | { readonly kind: "doctor" }
  | { readonly kind: "health" }
  /** What gates came to when they were run alone: it stays as it was made. */
  | { readonly kind: "gates"; readonly run: string; readonly path: string; readonly text: string }
  /** Of the runs that the filter lets through. */
  | { readonly kind: "stats"; readonly filter: string };

export interface LiveDocuments extends vscode.Disposable {
  open(document: LiveDocument): Promise<void>;
}

const SCHEME = "fermata";

/** Between two readings of a document that changes, in ms. */
const REST = 300;

/** Between two looks at a transcript that is read while its run goes on, in ms: what is said is no event. */
const LOOK = 500;

/** Serves the documents of a session. */
export function createLiveDocuments(session: Session): LiveDocuments {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const resting = new Map<string, NodeJS.Timeout>();
  const made = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => made.get(uri.toString()) ?? textOf(session, uri),
  });
  const readAgain = (uri: vscode.Uri): void => {
    const key = uri.toString();
    if (resting.has(key)) return;
    const wake = (): void => {
      resting.delete(key);
      changed.fire(uri);
    };
    resting.set(key, setTimeout(wake, REST));
  };
  const stop = session.model.onChange(({ runs }) => {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === SCHEME && runs.has(new URLSearchParams(uri.query).get("run") ?? ""))
        readAgain(uri);
    }
  });
  const look = setInterval(() => {
    for (const { document } of vscode.window.visibleTextEditors) {
      const query = new URLSearchParams(document.uri.query);
      const entry = session.model.find(query.get("run") ?? "");
      const grows = entry?.state !== undefined && !isFinished(entry.state);
      if (document.uri.scheme === SCHEME && query.get("kind") === "transcript" && grows)
        readAgain(document.uri);
    }
  }, LOOK);
  const follower = vscode.workspace.onDidChangeTextDocument(keepEndInSight);
  return {
    open: async (document) => {
      const uri = addressOf(document);
      if (document.kind === "gates") made.set(uri.toString(), document.text);
      changed.fire(uri);
      const opened = await vscode.workspace.openTextDocument(uri);
      const shown =
        document.kind === "transcript" || document.kind === "run"
          ? opened
          : await vscode.languages.setTextDocumentLanguage(opened, "markdown");
      await vscode.window.showTextDocument(shown, {
        preview: true,
        preserveFocus: document.kind === "transcript",
      });
    },
    dispose: () => {
      stop();
      clearInterval(look);
      for (const timer of resting.values()) clearTimeout(timer);
      vscode.Disposable.from(provider, changed, follower).dispose();
    },
  };
}

/** The last segment of the path is the tab's title. */
function addressOf(document: LiveDocument): vscode.Uri {
  const name = titleOf(document).replaceAll("/", "\u2215").replaceAll("\\", "\u2216");
  const { title: _, text: __, ...asked } = { title: "", text: "", ...document };
  const query = new URLSearchParams(asked);
  return vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: query.toString() });
}

function titleOf(document: LiveDocument): string {
  switch (document.kind) {
    case "transcript":
      return vscode.l10n.t("Transcript: {0}", document.title);
    case "run":
      return vscode.l10n.t("Run: {0}", document.title);
    case "gates":
      return vscode.l10n.t("Gates: {0}", document.path);
    case "doctor":
      return vscode.l10n.t("Fermata Doctor");
    case "health":
      return vscode.l10n.t("Fermata Health");
    case "stats":
      return vscode.l10n.t("Fermata Statistics");
  }
}

async function textOf(session: Session, uri: vscode.Uri): Promise<string> {
  const query = new URLSearchParams(uri.query);
  const run = query.get("run") ?? "";
  switch (query.get("kind")) {
    case "transcript": {
      const path = query.get("path") ?? "";
      const task = session.model.find(run)?.state?.tasks.get(path);
      return transcriptText(await session.app.readOutput(run, path), path, task?.failure);
    }
    case "run":
      return runAsText(await session.model.follow(run), {
        me: session.me,
        workspace: session.app.workspace,
        now: Date.now(),
      });
    case "health":
      return healthPage(await session.app.health(), vscode.l10n.t("Fermata Health"));
    case "stats": {
      const filter = query.get("filter") ?? "";
      const parsed = parseQuery(filter, Date.now());
      return parsed.ok
        ? statsPage(await session.app.stats({ query: parsed.query }), filter)
        : `${parsed.message}\n`;
    }
    default:
      return doctorText(await session.app.doctor(), vscode.l10n.t("Fermata Doctor"));
  }
}

/** Who stood at the end of a growing text stays there. */
function keepEndInSight({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
  const first = contentChanges[0];
  if (document.uri.scheme !== SCHEME || !first) return;
  for (const editor of vscode.window.visibleTextEditors) {
    const last = editor.visibleRanges.at(-1)?.end.line ?? 0;
    if (editor.document !== document || last < first.range.end.line - 1) continue;
    const end = document.lineAt(document.lineCount - 1).range;
    editor.revealRange(end, vscode.TextEditorRevealType.Default);
  }
}

/**
 * The tabs in which runs are looked at, one a run; they come back after a reload.
 * Owns the panels and what their pages ask for; every verb is a command or the app's own.
 */
import * as vscode from "vscode";
import type { FromView, TaskMove, ToView } from "../../../protocol/runView.ts";
import { isFinished } from "../../../run/state.ts";
import { isObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { send } from "../commands/steer.ts";
import type { Session } from "../session.ts";
import { createFeed, type Feed } from "./feed.ts";
import { createKeptTabs } from "./keptTabs.ts";
import { openChangedFile } from "./openChangedFile.ts";
import { pageHtml, pageRoot } from "./page.ts";
import { createTranscriptFeed, type TranscriptFeed } from "./transcriptFeed.ts";

export interface RunPanels extends vscode.Disposable {
  /** Shows a run, in its tab when it has one; with `path`, a task of it. */
  open(run: string, path?: string): Promise<void>;
  /** Fills a tab that the editor brought back; one that is not a run's is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
}

const VIEW_TYPE = "fermata.run";
const TABS = "fermata.runTabs";

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly feed: Feed;
}

/** No tabs yet, but those that the editor brings back. */
export function createRunPanels(session: Session): RunPanels {
  const shown = new Map<string, Shown>();
  const extension = session.context.extensionUri;
  const show = async (run: string, panel: vscode.WebviewPanel): Promise<void> => {
    const entry = await session.model.follow(run).catch(() => undefined);
    const subject = entry ? entry.summary.subject || entry.summary.workflow : run;
    panel.title = vscode.l10n.t("Run: {0}", printableLine(subject).slice(0, 60));
    const post = (message: ToView): void => void panel.webview.postMessage(message);
    const feed = createFeed({
      app: () => session.app,
      run,
      me: session.me,
      post,
      locked: () =>
        vscode.workspace.isTrusted
          ? undefined
          : vscode.l10n.t("Restricted Mode: look, but do not steer."),
      now: Date.now,
    });
    const transcript = createTranscriptFeed({
      ...{ post, fault: session.fault },
      read: (path) => session.app.readOutput(run, path),
      grows: () => panel.visible && goesOn(session, run),
    });
    shown.set(run, { panel, feed });
    kept.changed();
    panel.webview.onDidReceiveMessage((message: FromView) => {
      receive({ session, run, feed, transcript, post }, message).catch(session.fault);
    });
    panel.onDidChangeViewState(() => feed.show(panel.visible));
    panel.onDidDispose(() => {
      feed.dispose();
      transcript.dispose();
      shown.delete(run);
      kept.changed();
    });
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(extension)] };
    panel.webview.html = pageHtml(panel.webview, extension, { kind: "run", run });
  };
  const stops = [
    session.onReopened(() => {
      for (const { feed } of shown.values()) feed.renew().catch(session.fault);
    }),
    session.model.onChange(({ list, runs }) => {
      if (!list) return;
      for (const run of runs) {
        const feed = shown.get(run)?.feed;
        if (session.model.find(run)) feed?.back().catch(session.fault);
        else feed?.gone();
      }
    }),
  ];
  const kept = createKeptTabs({
    ...{ viewType: VIEW_TYPE, store: session.context.workspaceState, key: TABS, show },
    shown: () => [...shown.keys()],
    fault: session.fault,
  });
  return {
    open: async (run, path) => {
      const known = shown.get(run);
      if (known) known.panel.reveal();
      else {
        const column = vscode.ViewColumn.Active;
        await show(run, vscode.window.createWebviewPanel(VIEW_TYPE, run, column));
      }
      if (path !== undefined)
        void shown.get(run)?.panel.webview.postMessage({ type: "select", path });
    },
    restore: (panel, state) => {
      const known = isObject(state) && typeof state.run === "string";
      return kept.restore(panel, known ? String(state.run) : undefined);
    },
    dispose: () => {
      kept.dispose();
      for (const stop of stops) stop();
      for (const { panel } of shown.values()) panel.dispose();
    },
  };
}

interface Receiver {
  readonly session: Session;
  readonly run: string;
  readonly feed: Feed;
  readonly transcript: TranscriptFeed;
  readonly post: (message: ToView) => void;
}

async function receive(
  { session, run, feed, transcript, post }: Receiver,
  message: FromView,
): Promise<void> {
  const command = (name: string, more: object = {}) =>
    vscode.commands.executeCommand(`fermata.${name}`, { run, ...more });
  switch (message.type) {
    case "ready":
      return feed.begin();
    case "steer":
      await command(`${message.verb}Run`);
      return;
    case "move":
      await command(MOVES[message.move], { path: message.path });
      return;
    case "answer": {
      const { breakpoint, shown, answer } = message;
      const signal = { type: "answer", breakpoint, shown, answer, by: session.me } as const;
      const admission = await send(session, run, signal);
      if (!admission.ok) post({ type: "refused", reason: admission.reason });
      return;
    }
    case "openQuestion":
      await command("answer", { breakpoint: message.breakpoint });
      return;
    case "transcript":
      return transcript.show(message.path, message.follow ? undefined : message.from);
    case "openText":
      await command("openRunAsText");
      return;
    case "openFile":
      return openChangedFile(session.folder, message.file);
    case "fault":
      session.fault(new Error(`In the run view: ${message.message}`));
      return;
  }
}

/** The command of each move. */
const MOVES: Readonly<Record<TaskMove, string>> = {
  guide: "guideTask",
  stop: "stopTask",
  retry: "retryRun",
  editAndRetry: "setStateAndRetry",
  fork: "retryFromHere",
  transcript: "openTranscript",
};

function goesOn({ model }: Session, run: string): boolean {
  const state = model.find(run)?.state;
  return state !== undefined && !isFinished(state);
}

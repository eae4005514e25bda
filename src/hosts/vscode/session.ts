/**
 * What one window works with: the app over its folder, the model of its runs, who is at the keyboard, the log.
 * Owns opening and letting go, and resuming what a host that died left behind.
 */
import { readdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { App } from "../../app/app.ts";
import { composeApp } from "../../app/compose.ts";
import { logText } from "../../run/log/entry.ts";
import type { Writings } from "./ask/writeInEditor.ts";
import { secretSource } from "./commands/setSecret.ts";
import { hostSettings } from "./configuration.ts";
import { createHostModel, type HostModel } from "./hostModel.ts";
import { createLanguageModels } from "./languageModels.ts";
import { tell } from "./tell.ts";

export interface Session {
  readonly folder: vscode.WorkspaceFolder;
  /** The app of the moment; do not keep it across a wait. */
  readonly app: App;
  readonly model: HostModel;
  /** The name under which this person's answers are recorded. */
  readonly me: string;
  readonly log: vscode.LogOutputChannel;
  readonly context: vscode.ExtensionContext;
  /** Longer texts, written in an editor tab. */
  readonly writings: Writings;
  /** Logs what should not have happened. */
  readonly fault: (error: unknown) => undefined;
  /** True while this window drives a run. */
  drives(): boolean;
  /** Opens the app anew, with the settings and the trust of now. Only while nothing is driven here. */
  reopen(): Promise<void>;
  /** Calls back whenever another app has come: what watches a run watches it anew. */
  onReopened(listener: () => void): () => void;
  dispose(): Promise<void>;
}

/** Opens a folder. Starts nothing. */
export async function openSession(
  place: Pick<Session, "context" | "folder" | "log" | "writings">,
): Promise<Session> {
  const { log } = place;
  const open = () => openApp(place);
  const listeners = new Set<() => void>();
  let app = await open();
  const model = createHostModel({
    app: () => app,
    names: () => namesIn(join(app.stateFolder, "runs")),
    fault: (message, cause) => log.warn(message, cause),
  });
  return {
    ...place,
    get app() {
      return app;
    },
    model,
    me: personName(),
    fault: (error) => void log.error(error instanceof Error ? error : String(error)),
    drives: () => model.list().some(({ ownership }) => ownership === "here"),
    reopen: async () => {
      const before = app;
      app = await open();
      await before.dispose();
      await model.restart();
      for (const listener of [...listeners]) listener();
    },
    onReopened: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: async () => {
      model.dispose();
      await app.dispose();
    },
  };
}

/** There are none before the first run. What else cannot be read now says nothing about the runs in it. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

function openApp({
  context,
  folder,
  log,
}: Pick<Session, "context" | "folder" | "log">): Promise<App> {
  const inside = (...parts: readonly string[]) => join(context.extensionPath, ...parts);
  const { version } = context.extension.packageJSON;
  return composeApp({
    workspace: folder.uri.fsPath,
    env: process.env,
    ...loginShell(),
    settings: hostSettings(folder),
    trusted: () => vscode.workspace.isTrusted,
    secrets: secretSource(context),
    languageModels: createLanguageModels(),
    guardScript: inside("dist", "guard.mjs"),
    shippedTemplates: inside("workflows"),
    version: String(version),
    log: (message, cause) => cause !== undefined && tellFault(log, message, cause),
    logged: (entry) => log[entry.level](logText(entry)),
  });
}

/** Windows has one PATH for all; elsewhere an editor that was opened from a dock lacks what a profile adds. */
function loginShell(): { readonly loginShell?: string } {
  const { platform, env } = process;
  return platform === "win32" || env.SHELL === undefined ? {} : { loginShell: env.SHELL };
}

/** A run that cannot go on because of us or the disk: nobody should have to find that in a log. */
function tellFault(log: vscode.LogOutputChannel, message: string, cause: unknown): void {
  const show = vscode.l10n.t("Show Log");
  const reason = cause instanceof Error ? cause.message : String(cause);
  tell("error", `${message}: ${reason}`, show).then((chosen) => chosen === show && log.show());
}

function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? "someone";
  }
}

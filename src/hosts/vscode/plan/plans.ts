/**
 * Plans that wait for approval, each as a read-only document whose text is exactly the plan.
 * Owns those documents: which version each holds, and whether that version is still asked for.
 */
import * as vscode from "vscode";
import type { Breakpoint, Form } from "../../../run/ask/breakpoint.ts";
import { formHeadline } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import type { Session } from "../session.ts";

export const PLAN_SCHEME = "fermata-plan";

/** One version of a plan, as it was shown. */
export interface ShownPlan {
  readonly uri: vscode.Uri;
  readonly run: string;
  /** The breakpoint's id. */
  readonly breakpoint: string;
  readonly path: string;
  readonly form: Extract<Form, { kind: "approval" }>;
  /** Hash of the text shown: what an approval is bound to. */
  readonly hash: string;
}

export interface Plans extends vscode.Disposable {
  /** Opens a waiting plan in a tab. */
  open(run: string, open: Breakpoint): Promise<void>;
  /** Serves a version's text without opening it. */
  hold(plan: ShownPlan): void;
  find(uri: vscode.Uri | undefined): ShownPlan | undefined;
  isWaiting(plan: ShownPlan): boolean;
  /** Told when a plan was opened or one no longer waits. */
  readonly onChange: vscode.Event<void>;
}

/** Serves the documents, and keeps the editor's menus in step with what still waits. */
export function createPlans(session: Session): Plans {
  const shown = new Map<string, ShownPlan>();
  const changed = new vscode.EventEmitter<void>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, {
    provideTextDocumentContent: (uri) => shown.get(uri.toString())?.form.plan ?? "",
  });
  const isWaiting = ({ run, breakpoint, hash }: ShownPlan): boolean =>
    session.model.find(run)?.state?.breakpoints.get(breakpoint)?.hash === hash;
  let told = "";
  const update = (): void => {
    const waiting = [...shown.values()].filter(isWaiting);
    const now = waiting.map(({ uri }) => uri.toString()).join(" ");
    if (now === told) return;
    told = now;
    setMenus(waiting);
    changed.fire();
  };
  const stop = session.model.onChange(update);
  return {
    open: async (run, open) => {
      if (open.form.kind !== "approval") return;
      const plan = shownPlan(run, open, open.form);
      shown.set(plan.uri.toString(), plan);
      update();
      await showPlan(plan.uri);
    },
    hold: (plan) => void shown.set(plan.uri.toString(), plan),
    find: (uri) => uri && shown.get(uri.toString()),
    isWaiting,
    onChange: changed.event,
    dispose: () => {
      stop();
      vscode.Disposable.from(provider, changed).dispose();
    },
  };
}

/** True when the plan's own text stands in a visible editor. */
export function isOnScreen(plan: ShownPlan): boolean {
  return vscode.window.visibleTextEditors.some(
    ({ document }) =>
      document.uri.toString() === plan.uri.toString() &&
      withoutCarriage(document.getText()) === withoutCarriage(plan.form.plan),
  );
}

/** The address of one version; its last segment is the tab's title. */
export function planUri(
  run: string,
  title: string,
  version: number,
  id: string,
  hash: string,
): vscode.Uri {
  // A slash would end the title; the one that looks like it does not.
  const name = title.replaceAll("/", "\u2215").replaceAll("\\", "\u2216");
  const query = new URLSearchParams({ run, id, version: String(version), hash });
  return vscode.Uri.from({ scheme: PLAN_SCHEME, path: `/${name}`, query: query.toString() });
}

function shownPlan(run: string, open: Breakpoint, form: ShownPlan["form"]): ShownPlan {
  const title = vscode.l10n.t("Plan: {0}", printableLine(formHeadline(form)));
  const uri = planUri(run, title, form.version, open.id, open.hash);
  return { uri, run, breakpoint: open.id, path: open.path, form, hash: open.hash };
}

async function showPlan(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const marked = await vscode.languages.setTextDocumentLanguage(document, "markdown");
  await vscode.window.showTextDocument(marked, { preview: false });
}

/** The editor knows a document's line ends, not its carriage returns. */
function withoutCarriage(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

function setMenus(waiting: readonly ShownPlan[]): void {
  const set = (name: string, plans: readonly ShownPlan[]) =>
    void vscode.commands.executeCommand(
      "setContext",
      name,
      plans.map(({ uri }) => uri.toString()),
    );
  set("fermata.waitingPlans", waiting);
  set(
    "fermata.revisablePlans",
    waiting.filter(({ form }) => form.revisable),
  );
  set(
    "fermata.editablePlans",
    waiting.filter(({ form }) => form.allow.includes("edit")),
  );
}

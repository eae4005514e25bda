/**
 * Plans that wait for approval, each version as a read-only file whose text is exactly the plan, and beside it the
 * person's own wording where the step allows one. Owns which files there are, and which versions still wait.
 */
import * as vscode from "vscode";
import { type Breakpoint, type Form, shownText } from "../../../run/ask/breakpoint.ts";
import { shortHash } from "../../../util/hash.ts";
import { formHeadline } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import type { Session } from "../session.ts";
import { sameText } from "./draft.ts";
import type { Drafts } from "./drafts.ts";
import { PLAN_SCHEME, type PlanStore } from "./planFiles.ts";

type ApprovalForm = Extract<Form, { kind: "approval" }>;

/** One version of a plan, in a tab. */
export interface ShownPlan {
  readonly uri: vscode.Uri;
  readonly run: string;
  /** The breakpoint's id. */
  readonly breakpoint: string;
  readonly path: string;
  readonly form: ApprovalForm;
  readonly version: number;
  /** Hash of the version's text: what an answer is bound to. */
  readonly hash: string;
  /** The tab holds the person's own wording of this version. */
  readonly own: boolean;
}

export interface Plans extends PlanStore, vscode.Disposable {
  readonly drafts: Drafts;
  /** Opens a waiting plan in a tab. */
  open(run: string, open: Breakpoint): Promise<void>;
  /** Knows of a waiting plan without opening it; undefined when it asks for something else. */
  hold(run: string, open: Breakpoint): ShownPlan | undefined;
  /** The version that a person's own wording began as. */
  shownOf(plan: ShownPlan): ShownPlan;
  /** Opens the person's own wording of a version, which begins as the version's text. */
  edit(plan: ShownPlan): Promise<void>;
  /** The version before; undefined for the first. */
  before(plan: ShownPlan): Promise<ShownPlan | undefined>;
  find(uri: vscode.Uri | undefined): ShownPlan | undefined;
  isWaiting(plan: ShownPlan): boolean;
  /** Told when a plan was opened, one no longer waits, or something was begun. */
  readonly onChange: vscode.Event<void>;
}

/** Serves the plans, and keeps the editor's menus in step with what still waits. */
export function createPlans(session: Session, drafts: Drafts): Plans {
  const shown = new Map<string, ShownPlan>();
  const changed = new vscode.EventEmitter<void>();
  const marked = vscode.workspace.onDidOpenTextDocument(markMarkdown);
  for (const document of vscode.workspace.textDocuments) markMarkdown(document);
  const written = new Map<string, number>();
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
  const hold = (plan: ShownPlan): ShownPlan => {
    shown.set(plan.uri.toString(), plan);
    update();
    return plan;
  };
  const resolve = async (uri: vscode.Uri): Promise<ShownPlan | undefined> => {
    const known = shown.get(uri.toString());
    const found = known ?? (await findVersion(session, uri));
    return found && !known ? hold(found) : found;
  };
  const parts = [
    marked,
    changed,
    drafts.onChange(() => changed.fire()),
    {
      dispose: session.model.onChange(({ list }) => {
        update();
        if (list) drafts.forgetRuns(session.model.isGone).catch(session.fault);
      }),
    },
  ];
  return {
    drafts,
    hold: (run, open) =>
      open.form.kind === "approval" ? hold(shownPlan(run, open, open.form, false)) : undefined,
    shownOf: (plan) => hold({ ...plan, own: false, uri: planUri({ ...plan, own: false }) }),
    open: async (run, open) => {
      if (open.form.kind !== "approval") return;
      await showPlan(hold(shownPlan(run, open, open.form, false)).uri);
    },
    edit: async (plan) => {
      const uri = planUri({ ...plan, own: true });
      await showPlan(hold({ ...plan, own: true, uri }).uri);
    },
    before: (plan) => versionBefore(session, plan).then((found) => found && hold(found)),
    find: (uri) => uri && shown.get(uri.toString()),
    isWaiting,
    read: async (uri) => {
      const plan = await resolve(uri);
      if (!plan) return undefined;
      const text = plan.own ? (drafts.get(plan).edit ?? plan.form.plan) : plan.form.plan;
      return { text, writable: plan.own, at: written.get(uri.toString()) ?? 0 };
    },
    write: async (uri, text) => {
      const plan = await resolve(uri);
      if (!plan?.own) return;
      const { edit: _, ...rest } = drafts.get(plan);
      await drafts.set(plan, sameText(text, plan.form.plan) ? rest : { ...rest, edit: text });
      written.set(uri.toString(), Date.now());
    },
    onChange: changed.event,
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}

/** True when the plan's own text stands in a visible editor. */
export function isOnScreen(plan: ShownPlan): boolean {
  return vscode.window.visibleTextEditors.some(
    ({ document }) =>
      document.uri.toString() === plan.uri.toString() &&
      (plan.own || sameText(document.getText(), plan.form.plan)),
  );
}

function shownPlan(
  run: string,
  open: Pick<Breakpoint, "id" | "path" | "hash">,
  form: ApprovalForm,
  own: boolean,
): ShownPlan {
  const { id: breakpoint, path, hash } = open;
  const plan = { run, breakpoint, path, form, version: form.version, hash, own };
  return { ...plan, uri: planUri(plan) };
}

/** The address of a text; its last segment is the tab's title. */
function planUri({ run, breakpoint, form, hash, own }: Omit<ShownPlan, "uri">): vscode.Uri {
  const headline = printableLine(formHeadline(form));
  const title = own
    ? vscode.l10n.t("Your version of {0}", headline)
    : vscode.l10n.t("Plan: {0}", headline);
  // A slash would end the title; the one that looks like it does not.
  const name = title.replaceAll("/", "\u2215").replaceAll("\\", "\u2216");
  const query = new URLSearchParams({ run, id: breakpoint, hash, ...(own ? { own: "1" } : {}) });
  return vscode.Uri.from({ scheme: PLAN_SCHEME, path: `/${name}`, query: query.toString() });
}

/** A tab that the editor brought back: its version is open, or in the run's record. */
async function findVersion(session: Session, uri: vscode.Uri): Promise<ShownPlan | undefined> {
  const query = new URLSearchParams(uri.query);
  const [run = "", id = "", hash = ""] = ["run", "id", "hash"].map((key) => query.get(key) ?? "");
  const entry = await session.model.follow(run).catch(session.fault);
  if (!entry) return undefined;
  const own = query.has("own");
  const open = entry.state?.breakpoints.get(id);
  if (open?.form.kind === "approval" && open.hash === hash)
    return { ...shownPlan(run, open, open.form, own), uri };
  const asked = (await askedPlans(session, run)).find((plan) => plan.breakpoint === id);
  return asked?.hash === hash ? { ...asked, own, uri } : undefined;
}

async function versionBefore(session: Session, plan: ShownPlan): Promise<ShownPlan | undefined> {
  if (plan.version < 2) return undefined;
  const asked = await askedPlans(session, plan.run);
  return asked.findLast(({ path, version }) => path === plan.path && version === plan.version - 1);
}

/** Every version of every plan that a run ever asked about. */
async function askedPlans(session: Session, run: string): Promise<readonly ShownPlan[]> {
  const records = await session.app.readEvents(run);
  return records.flatMap(({ event }) => {
    if (event.type !== "breakpoint_opened" || event.form.kind !== "approval") return [];
    const { id, path, form } = event;
    return [shownPlan(run, { id, path, hash: shortHash(shownText(form)) }, event.form, false)];
  });
}

async function showPlan(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
}

function markMarkdown(document: vscode.TextDocument): void {
  if (document.uri.scheme === PLAN_SCHEME && document.languageId !== "markdown")
    void vscode.languages.setTextDocumentLanguage(document, "markdown");
}

/** Lists of addresses that `when` clauses look into. */
function setMenus(waiting: readonly ShownPlan[]): void {
  const set = (name: string, plans: readonly ShownPlan[]) =>
    void vscode.commands.executeCommand(
      "setContext",
      name,
      plans.map(({ uri }) => uri.toString()),
    );
  const asked = waiting.filter(({ own }) => !own);
  set("fermata.waitingPlans", waiting);
  set(
    "fermata.revisablePlans",
    asked.filter(({ form }) => form.revisable),
  );
  set(
    "fermata.editablePlans",
    asked.filter(({ form }) => form.allow.includes("edit")),
  );
  set(
    "fermata.partialPlans",
    waiting.filter(({ form }) => form.allow.includes("partial")),
  );
  set("fermata.commentablePlans", asked.filter(mayComment));
  set(
    "fermata.ownPlans",
    waiting.filter(({ own }) => own),
  );
}

/** True where somebody reads comments: the next version's author, or the record. */
export function mayComment({ form, own }: ShownPlan): boolean {
  return !own && (form.revisable || form.allow.includes("comment"));
}

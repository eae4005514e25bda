/**
 * Comments on the lines of a plan, written in the editor's own comment box. Each is kept as it is written and comes back
 * after a reload; none is sent before the person says so. Owns the threads; what becomes of them is the decisions' matter.
 */
import * as vscode from "vscode";
import type { Session } from "../session.ts";
import type { DraftThread } from "./draft.ts";
import { PLAN_SCHEME } from "./planFiles.ts";
import { mayComment, type Plans, type ShownPlan } from "./plans.ts";

interface PlanComment extends vscode.Comment {
  /** As it was before it was edited. */
  kept: string;
}

/** Registers the comments and their buttons. */
export function registerPlanComments(session: Session, plans: Plans): vscode.Disposable {
  const controller = vscode.comments.createCommentController(
    "fermata.plan",
    vscode.l10n.t("Comments on a Plan"),
  );
  controller.options = {
    prompt: vscode.l10n.t("Comment on these lines"),
    placeHolder: vscode.l10n.t("What should change here? It goes to the agent word for word."),
  };
  const threads = new Map<string, Set<vscode.CommentThread>>();
  const isOpen = (plan: ShownPlan): boolean => plans.isWaiting(plan) && mayComment(plan);
  controller.commentingRangeProvider = {
    provideCommentingRanges: ({ uri, lineCount }) => {
      const plan = plans.find(uri);
      return plan && isOpen(plan) ? [new vscode.Range(0, 0, Math.max(0, lineCount - 1), 0)] : [];
    },
  };
  const of = (uri: vscode.Uri): Set<vscode.CommentThread> => {
    const known = threads.get(uri.toString()) ?? new Set();
    threads.set(uri.toString(), known);
    return known;
  };
  const keep = async ({ uri }: vscode.CommentThread): Promise<void> => {
    const plan = plans.find(uri);
    if (!plan || !isOpen(plan)) return;
    const kept = [...of(uri)].map(asDraft).filter(({ texts }) => texts.length > 0);
    await plans.drafts.set(plan, { ...plans.drafts.get(plan), threads: kept });
  };
  const take = (thread: vscode.CommentThread): void => {
    thread.canReply = true;
    thread.contextValue = "draft";
    thread.label = vscode.l10n.t("Not sent yet");
    of(thread.uri).add(thread);
  };
  const change = (comment: PlanComment, how: (thread: vscode.CommentThread) => void) => {
    const thread = [...threads.values()]
      .flatMap((all) => [...all])
      .find(({ comments }) => comments.includes(comment));
    if (!thread) return Promise.resolve();
    how(thread);
    return keep(thread);
  };
  const bringBack = ({ uri }: vscode.TextDocument): void => {
    const plan = plans.find(uri);
    if (!plan || plan.own || threads.has(uri.toString()) || !isOpen(plan)) return;
    for (const { line, end, texts } of plans.drafts.get(plan).threads) {
      const range = new vscode.Range(line - 1, 0, end - 1, 0);
      const comments = texts.map((text) => commentOf(session.me, text));
      const thread = controller.createCommentThread(uri, range, comments);
      thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
      take(thread);
    }
    of(uri);
  };
  /** What was sent, or can no longer be, stays to be read beside its lines. */
  const settle = (): void => {
    for (const document of vscode.workspace.textDocuments)
      if (document.uri.scheme === PLAN_SCHEME) bringBack(document);
    for (const [address, all] of threads) {
      const plan = plans.find(vscode.Uri.parse(address));
      if (!plan || isOpen(plan)) continue;
      for (const thread of all) close(thread);
    }
  };
  const on = <T>(name: string, work: (given: T) => Promise<void>) =>
    vscode.commands.registerCommand(`fermata.plan.${name}`, work);
  settle();
  return vscode.Disposable.from(
    controller,
    plans.onChange(settle),
    vscode.workspace.onDidOpenTextDocument(settle),
    on("comment", async ({ thread, text }: vscode.CommentReply) => {
      if (text.trim() === "") return;
      thread.comments = [...thread.comments, commentOf(session.me, text)];
      take(thread);
      await keep(thread);
    }),
    on("editComment", (comment: PlanComment) =>
      change(comment, (thread) => redraw(thread, comment, vscode.CommentMode.Editing)),
    ),
    on("saveComment", (comment: PlanComment) =>
      change(comment, (thread) => {
        if (textOf(comment).trim() === "") comment.body = comment.kept;
        comment.kept = textOf(comment);
        redraw(thread, comment, vscode.CommentMode.Preview);
      }),
    ),
    on("cancelComment", (comment: PlanComment) =>
      change(comment, (thread) => {
        comment.body = comment.kept;
        redraw(thread, comment, vscode.CommentMode.Preview);
      }),
    ),
    on("deleteComment", (comment: PlanComment) =>
      change(comment, (thread) => {
        thread.comments = thread.comments.filter((each) => each !== comment);
        if (thread.comments.length === 0) drop(thread);
      }),
    ),
    on("deleteComments", async (thread: vscode.CommentThread) => {
      drop(thread);
      await keep(thread);
    }),
    on("addComment", async (uri?: vscode.Uri) => {
      if (uri instanceof vscode.Uri) await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand("workbench.action.addComment");
    }),
  );

  function drop(thread: vscode.CommentThread): void {
    of(thread.uri).delete(thread);
    thread.dispose();
  }
}

function commentOf(author: string, text: string): PlanComment {
  return {
    // A plain string is shown as it is: no markdown, no links.
    body: text,
    kept: text,
    mode: vscode.CommentMode.Preview,
    author: { name: author },
    contextValue: "draft",
  };
}

function redraw(thread: vscode.CommentThread, comment: PlanComment, mode: vscode.CommentMode) {
  comment.mode = mode;
  // The editor draws only what it is handed.
  thread.comments = [...thread.comments];
}

function close(thread: vscode.CommentThread): void {
  if (thread.contextValue === "closed") return;
  thread.contextValue = "closed";
  thread.canReply = false;
  thread.label = vscode.l10n.t("This version no longer waits");
  thread.comments = thread.comments.map((comment) => ({
    ...comment,
    mode: vscode.CommentMode.Preview,
    contextValue: "closed",
  }));
}

function asDraft({ range, comments }: vscode.CommentThread): DraftThread {
  return {
    line: (range?.start.line ?? 0) + 1,
    end: (range?.end.line ?? 0) + 1,
    texts: comments.map((comment) => ("kept" in comment ? String(comment.kept) : textOf(comment))),
  };
}

function textOf({ body }: vscode.Comment): string {
  return typeof body === "string" ? body : body.value;
}

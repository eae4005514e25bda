/**
 * Requests to a run: cancel, pause, resume, retry, and the answers of people.
 * Owns the order of request and taking the run on, and what is said when one is refused.
 */
import * as vscode from "vscode";
import type { Admission } from "../../../run/command.ts";
import type { TaskRecord } from "../../../run/history/taskRecord.ts";
import type { Signal } from "../../../run/signal.ts";
import { printableLine } from "../../../views/printable.ts";
import { askText } from "../ask/quickInput.ts";
import type { RunEntry } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { PERFORMED } from "../tree/shownRow.ts";
import { sayRestricted } from "./say.ts";
import { chooseRun, chooseTask, type Target } from "./target.ts";

/**
 * Sends a request to whoever drives the run; with nobody there the run is taken on from here afterwards. The request
 * comes first, so that a run is never driven a step further than what it says.
 */
export async function send(session: Session, run: string, signal: Signal): Promise<Admission> {
  const { app, model, log } = session;
  const admission = await app.signal(run, signal);
  if (!admission.ok) log.info(`${signal.type} to ${run} was refused: ${admission.reason}`);
  else if (signal.type !== "pause") await takeOn(session, run);
  await model.follow(run);
  return admission;
}

/** Drives a run on from here when nobody else does; says why when that is refused. */
export async function takeOn({ app, model }: Session, run: string): Promise<void> {
  const opened = await app.openRun(run);
  if (!opened.ok) void tell("error", opened.failure.message);
  await model.follow(run);
}

/** Cancels a run after asking once. */
export async function cancelRun(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Cancel Run");
  const target = await chooseRun(session, argument, title, isOpen);
  if (!target) return;
  const name = nameOf(session, target);
  const yes: vscode.MessageItem = { title };
  const no: vscode.MessageItem = { title: vscode.l10n.t("Keep It"), isCloseAffordance: true };
  const detail = vscode.l10n.t("What runs now is stopped. What is finished stays in the record.");
  const text = vscode.l10n.t("Cancel “{0}”?", name);
  if ((await vscode.window.showWarningMessage(text, { modal: true, detail }, yes, no)) !== yes)
    return;
  await sendAndSay(session, target.run, { type: "cancel", by: session.me });
}

/** Starts nothing new in a run until it is resumed. */
export async function pauseRun(session: Session, argument: unknown): Promise<void> {
  const pausable = ({ summary, ownership }: RunEntry) =>
    summary.status === "running" && ownership !== "nobody";
  const target = await chooseRun(session, argument, vscode.l10n.t("Pause Run"), pausable);
  if (target) await sendAndSay(session, target.run, { type: "pause", by: session.me });
}

/** Goes on with a paused or interrupted run. */
export async function resumeRun(session: Session, argument: unknown): Promise<void> {
  const resumable = (entry: RunEntry) =>
    entry.summary.status === "paused" || (isOpen(entry) && entry.ownership === "nobody");
  const target = await chooseRun(session, argument, vscode.l10n.t("Resume Run"), resumable);
  if (!target) return;
  if (session.model.find(target.run)?.summary.status === "paused")
    await sendAndSay(session, target.run, { type: "resume", by: session.me });
  else await takeOn(session, target.run);
}

/** Drives a run on from here that another process holds; asked for once, since two must never drive the same run. */
export async function takeOverRun(session: Session, argument: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const title = vscode.l10n.t("Take Over Run");
  const elsewhere = (entry: RunEntry) => isOpen(entry) && entry.ownership !== "here";
  const target = await chooseRun(session, argument, title, elsewhere);
  if (!target) return;
  const detail = vscode.l10n.t(
    "Do this when the window or terminal that drives it is gone or hangs. What it still does counts no longer.",
  );
  const text = vscode.l10n.t("Take over “{0}”?", nameOf(session, target));
  if ((await vscode.window.showWarningMessage(text, { modal: true, detail }, title)) !== title)
    return;
  const { app, model } = session;
  const opened = await app.openRun(target.run, { takeOver: true });
  await model.follow(target.run);
  if (!opened.ok) return void (await tell("error", opened.failure.message));
  if (opened.ownership !== "here")
    await tell(
      "warning",
      vscode.l10n.t("{0} is still driven by a process that lives. End that one first.", target.run),
    );
}

/** Puts what failed back to work: one task, or all of a run. */
export async function retryRun(session: Session, argument: unknown): Promise<void> {
  const failed = ({ summary }: RunEntry) =>
    summary.status === "failed" && summary.damage === undefined;
  const target = await chooseRun(session, argument, vscode.l10n.t("Retry"), failed);
  if (!target) return;
  const path = target.path === undefined ? {} : { path: target.path };
  await sendAndSay(session, target.run, { type: "retry", by: session.me, ...path });
}

/** Stops what one task does now, after asking once. */
export async function stopTask(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Stop Task");
  const target = await chooseRunning(session, argument, title, () => true);
  if (!target) return;
  const { run, path } = target;
  const detail = vscode.l10n.t(
    "It counts as failed and can be retried. The rest of the run goes on.",
  );
  const text = vscode.l10n.t("Stop “{0}”?", titleOf(session, target));
  if ((await vscode.window.showWarningMessage(text, { modal: true, detail }, title)) !== title)
    return;
  await sendAndSay(session, run, { type: "stop_task", path, by: session.me });
}

/** Another attempt of a task that runs or has failed, whose agent is told what the person says. */
export async function guideTask(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Guide Agent");
  const target = await chooseRunning(session, argument, title, asksAgent);
  if (!target) return;
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const said = await askText({
    title: [title, titleOf(session, target)].join(" · "),
    prompt: vscode.l10n.t(
      "What should it do differently? Another attempt begins with your words; what runs now is stopped.",
    ),
    text: "",
    validate: (words) =>
      words.trim() === "" ? vscode.l10n.t("Say what the agent should do differently.") : undefined,
  });
  if (said.type !== "said") return;
  const { run, path } = target;
  await sendAndSay(session, run, { type: "guide", path, text: said.value, by: session.me });
}

interface TaskTarget {
  readonly run: string;
  readonly path: string;
}

/** The task that a command was called on, or one of those that run. */
async function chooseRunning(
  session: Session,
  argument: unknown,
  title: string,
  fits: (task: TaskRecord) => boolean,
): Promise<TaskTarget | undefined> {
  const target = await chooseRun(session, argument, title, isOpen);
  if (!target) return undefined;
  const path =
    target.path ??
    (await chooseTask(session, target.run, {
      title,
      placeholder: vscode.l10n.t("Which task?"),
      fits: (task) => PERFORMED.has(task.kind) && task.status === "running" && fits(task),
    }));
  return path === undefined ? undefined : { run: target.run, path };
}

function asksAgent({ kind }: TaskRecord): boolean {
  return kind === "delegate" || kind === "plan";
}

function titleOf({ model }: Session, { run, path }: TaskTarget): string {
  return printableLine(model.find(run)?.state?.tasks.get(path)?.title ?? path);
}

/** Retries from a task, finished or not, as a new run. */
export async function retryFromHere(session: Session, argument: unknown): Promise<void> {
  const title = vscode.l10n.t("Retry from Here");
  const target = await chooseRun(session, argument, title, ({ summary }) => !summary.damage);
  if (!target) return;
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const placeholder = vscode.l10n.t("From which task?");
  const from =
    target.path ??
    (await chooseTask(session, target.run, { title, placeholder, fits: () => true }));
  if (from === undefined) return;
  const { app, me, model } = session;
  const forked = await app.forkRun({ run: target.run, from, startedBy: me });
  if (!forked.ok) {
    void tell("warning", forked.failure.message);
    return;
  }
  await model.follow(forked.run);
  void tell("info", vscode.l10n.t("A new run goes on from {0}: {1}", from, forked.run));
}

async function sendAndSay(session: Session, run: string, signal: Signal): Promise<void> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const admission = await send(session, run, signal);
  if (!admission.ok) void tell("warning", admission.reason);
}

function isOpen({ summary }: RunEntry): boolean {
  return summary.ended_at === undefined && summary.damage === undefined;
}

function nameOf({ model }: Session, { run }: Target): string {
  const summary = model.find(run)?.summary;
  return [summary?.workflow ?? run, summary?.subject ?? ""]
    .filter((part) => part !== "")
    .join(" · ");
}

/**
 * One notification for each question that opens in a run driven here, and never a second; none while the list of
 * questions is on screen, and none where a debugger stands. Owns who was told of what, across reloads. Later is no
 * answer; nothing opens by itself.
 */
import * as vscode from "vscode";
import type { Waiting } from "../hostModel.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { questionLabel } from "../tree/questionRow.ts";

const KEY = "fermata.told";

/** Tells of questions as they open. `seen`: the person has the list of questions before their eyes. */
export function createNotifications(session: Session, seen: () => boolean): vscode.Disposable {
  const { workspaceState } = session.context;
  let told: readonly string[] = workspaceState.get<readonly string[]>(KEY, []);
  const update = (): void => {
    const waiting = session.model
      .waiting()
      .filter((question) => question.ownership === "here" && !isDebugged(question));
    const fresh = waiting.filter((question) => !told.includes(keyOf(question)));
    if (fresh.length === 0) return;
    // What is over is forgotten; its name never comes again.
    told = [...told.slice(-MOST), ...fresh.map(keyOf)];
    workspaceState.update(KEY, told).then(undefined, session.fault);
    if (seen()) return;
    for (const question of fresh) tellOf(question).catch(session.fault);
  };
  return { dispose: session.model.onChange(update) };
}

/** Where a debugger stands, its own window shows it. */
function isDebugged({ open: { form } }: Waiting): boolean {
  return form.kind === "stop" && form.session !== undefined;
}

/** So many are remembered. */
const MOST = 200;

function keyOf({ run, open }: Waiting): string {
  return `${run} ${open.id}`;
}

async function tellOf(question: Waiting): Promise<void> {
  const { run, workflow, open } = question;
  const answer =
    open.form.kind === "approval" ? vscode.l10n.t("Open Plan") : vscode.l10n.t("Answer");
  const text = vscode.l10n.t("{0} waits for you: {1}", workflow, questionLabel(question));
  const chosen = await tell("info", text, answer, vscode.l10n.t("Later"));
  if (chosen === answer)
    await vscode.commands.executeCommand("fermata.answer", { run, breakpoint: open.id });
}

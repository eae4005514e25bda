/**
 * `Run Workflow`: pick a template, give its inputs one at a time, start it.
 * Owns that order and the way back through it. What may start is the app's word.
 */
import * as vscode from "vscode";
import type { TemplateInfo } from "../../../app/app.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { askInputs } from "../ask/askInputs.ts";
import { askPick, type PickItem } from "../ask/quickInput.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import { sourceName } from "../tree/templatesView.ts";
import { openPlace, sayNotStarted, sayRestricted } from "./say.ts";

/** Runs the template that the command was called on, or one that the person picks. */
export async function runWorkflow(session: Session, argument: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const given = templateOf(argument);
  for (;;) {
    const template = given ?? (await pickTemplate(session, vscode.l10n.t("Run Workflow")));
    if (!template) return;
    if (template.problem !== undefined) return openProblem(template);
    const asked = await askInputs(session.writings, template, given === undefined);
    if (asked.type === "closed") return;
    if (asked.type === "all") return start(session, template, asked.inputs);
    if (given) return;
  }
}

/** The template of a row of the tree. */
export function templateOf(argument: unknown): TemplateInfo | undefined {
  if (!isObject(argument) || !isObject(argument.template)) return undefined;
  // Our own tree made it; commands get back the very object.
  return argument.template as unknown as TemplateInfo;
}

/** Opens a template's file, where it is wrong when it is. */
export async function openProblem({ file, problem }: TemplateInfo): Promise<void> {
  const place = /^(\d+):(\d+) /.exec(problem ?? "");
  await openPlace(file, Number(place?.[1] ?? 1), Number(place?.[2] ?? 1));
  if (problem !== undefined)
    await tell("warning", vscode.l10n.t("It cannot run yet: {0}", problem));
}

/** Looks for a template by anything that is said of it; Enter opens its file, its button runs it. */
export async function findTemplate(session: Session): Promise<void> {
  const run = vscode.l10n.t("Run Workflow");
  const buttons = [{ iconPath: new vscode.ThemeIcon("play"), tooltip: run }];
  const said = await askPick({
    title: vscode.l10n.t("Find Template"),
    placeholder: vscode.l10n.t("Name, description, place or input"),
    items: (await session.app.listTemplates()).map((template) => {
      const item = templateItem(template, false);
      const inputs = Object.keys(template.inputs).join(", ");
      const file = vscode.workspace.asRelativePath(template.file);
      const detail = [item.detail ?? "", inputs, file].filter((part) => part !== "").join(" · ");
      return { ...item, detail: printableLine(detail), buttons };
    }),
  });
  if (said.type !== "said") return;
  if (said.pressed === run) await runWorkflow(session, { template: said.value });
  else await openProblem(said.value);
}

/** One of all templates, those used last first. */
export async function pickTemplate(
  { app, model }: Session,
  title: string,
): Promise<TemplateInfo | undefined> {
  const templates = await app.listTemplates();
  const recent = [...new Set(model.list().map(({ summary }) => summary.workflow))];
  const rank = ({ name }: TemplateInfo) =>
    recent.includes(name) ? recent.indexOf(name) : recent.length;
  const sorted = [...templates].sort((a, b) => rank(a) - rank(b));
  const said = await askPick({
    title,
    placeholder: vscode.l10n.t("Which workflow?"),
    items: sorted.map((template) => templateItem(template, recent.includes(template.name))),
  });
  return said.type === "said" ? said.value : undefined;
}

function templateItem(template: TemplateInfo, recent: boolean): PickItem<TemplateInfo> {
  const { name, description, source, problem } = template;
  const about = [recent ? vscode.l10n.t("recent") : "", sourceName(source).toLowerCase()];
  return {
    value: template,
    label: printableLine(name),
    description: about.filter((part) => part !== "").join(" · "),
    detail: printableLine(
      problem === undefined ? description : vscode.l10n.t("Has errors: {0}", problem),
    ),
    iconPath: new vscode.ThemeIcon(problem === undefined ? "notebook-template" : "warning"),
  };
}

async function start(session: Session, template: TemplateInfo, inputs: JsonObject): Promise<void> {
  const { app, me, model, log } = session;
  const progress = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t("Starting {0}", template.name),
  };
  const started = await vscode.window.withProgress(progress, () =>
    app.startRun({ template: template.file, inputs, startedBy: me }),
  );
  if (!started.ok) {
    log.warn(started.failure.message);
    return sayNotStarted(started.failure, started.diagnostics);
  }
  log.info(`Started ${started.run} of ${template.name}.`);
  await model.follow(started.run);
}

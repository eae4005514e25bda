/**
 * What a debug configuration needs before it begins, asked of the person as `Run Workflow` asks it, and the adapter of a
 * session. Owns the questions; the adapter is the app's.
 */
import * as vscode from "vscode";
import type { TemplateInfo } from "../../../app/app.ts";
import { createDebugAdapter } from "../../../app/debug/debugAdapter.ts";
import { isFinished } from "../../../run/state.ts";
import { isObject } from "../../../util/json.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";
import { askInputs } from "../ask/askInputs.ts";
import { pickTemplate } from "../commands/runWorkflow.ts";
import { sayRestricted } from "../commands/say.ts";
import { chooseRun } from "../commands/target.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";
import type { DebugParts } from "./debugging.ts";

/** Completes configurations and makes adapters over this window's app. */
export function debugParts(session: Session): DebugParts {
  return {
    complete: async (configuration) => {
      if (!vscode.workspace.isTrusted) return void (await sayRestricted());
      return configuration.request === "attach"
        ? withRun(session, configuration)
        : withWorkflow(session, configuration);
    },
    adapter: ({ id }) => {
      const made = createDebugAdapter({
        app: () => session.app,
        onReopened: session.onReopened,
        me: session.me,
        session: id,
        now: Date.now,
        fault: session.fault,
      });
      // The library's adapter is one of the editor's, written before the editor's types were.
      return made as unknown as vscode.DebugAdapter;
    },
  };
}

async function withRun(
  session: Session,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  if (typeof configuration.run === "string" && configuration.run !== "") return configuration;
  const title = vscode.l10n.t("Debug Run");
  const target = await chooseRun(
    session,
    undefined,
    title,
    ({ state }) => !!state && !isFinished(state),
  );
  return target && { ...configuration, run: target.run };
}

async function withWorkflow(
  session: Session,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  const { workflow, inputs } = configuration;
  const named = typeof workflow === "string" && workflow !== "";
  const template = named
    ? await templateOf(session, workflow)
    : await pickTemplate(session, vscode.l10n.t("Debug Workflow"));
  if (!template) {
    if (named) await tell("error", vscode.l10n.t("There is no workflow {0} to debug.", workflow));
    return undefined;
  }
  const { ok } = await session.app.validate(template.file);
  if (!ok) {
    await vscode.commands.executeCommand("workbench.actions.view.problems");
    return undefined;
  }
  const whole = { ...configuration, workflow: template.file };
  if (isObject(inputs)) return whole;
  const asked = await askInputs(session.writings, template, false);
  return asked.type === "all" ? { ...whole, inputs: asked.inputs } : undefined;
}

/** A template by its name, or any workflow file. */
async function templateOf(
  { app, folder }: Session,
  wanted: string,
): Promise<TemplateInfo | undefined> {
  const templates = await app.listTemplates();
  const found = templates.find(({ name, file }) => name === wanted || file === wanted);
  if (found) return found;
  const uri =
    wanted.startsWith("/") || /^[A-Za-z]:/.test(wanted)
      ? vscode.Uri.file(wanted)
      : vscode.Uri.joinPath(folder.uri, wanted);
  const document = await vscode.workspace.openTextDocument(uri).then(
    (opened) => opened,
    () => undefined,
  );
  if (!document) return undefined;
  const { draft } = parseWorkflow({ fileName: uri.fsPath, text: document.getText() });
  if (!draft) return undefined;
  const { name, version, description, inputs } = draft;
  return { name, version, description, inputs, source: "workspace", file: uri.fsPath, secrets: [] };
}

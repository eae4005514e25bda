/** `Show Workflow Graph`: of the file in front, of the one that the command was called on, or of a template. */
import * as vscode from "vscode";
import type { GraphPanels } from "../runView/graphPanels.ts";
import type { Session } from "../session.ts";
import { pickTemplate, templateOf } from "./runWorkflow.ts";
import { workflowDocument } from "./workflowFile.ts";

/** Opens the graph in a tab of its own. */
export async function showGraph(
  session: Session,
  graphs: GraphPanels,
  argument: unknown,
): Promise<void> {
  const file = fileOf(argument) ?? (await pickFile(session));
  if (file) await graphs.open(file);
}

function fileOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const template = templateOf(argument);
  return template ? vscode.Uri.file(template.file) : workflowDocument(undefined)?.uri;
}

async function pickFile(session: Session): Promise<vscode.Uri | undefined> {
  const template = await pickTemplate(session, vscode.l10n.t("Show Workflow Graph"));
  return template && vscode.Uri.file(template.file);
}

/** Language support for `*.workflow.yaml`: everything that the editor asks about such a file. Owns which parts there are. */
import * as vscode from "vscode";
import type { Session } from "../session.ts";
import { createDiagnostics } from "./diagnostics.ts";
import { registerLayout } from "./layout.ts";
import { registerNavigation } from "./navigation.ts";
import { registerOffers } from "./offers.ts";
import { createOpenFiles } from "./openFile.ts";

/** Registers every provider of the language. */
export function registerLanguage(session: Session): vscode.Disposable {
  const files = createOpenFiles();
  return vscode.Disposable.from(
    files,
    createDiagnostics(session),
    registerOffers(session, files),
    registerNavigation(session, files),
    registerLayout(declaredCommands(session)),
  );
}

/** The commands that this extension has: an action whose command is not there is not offered. */
function declaredCommands({ context }: Session): ReadonlySet<string> {
  const commands: readonly { readonly command: string }[] =
    context.extension.packageJSON.contributes.commands;
  return new Set(commands.map(({ command }) => command));
}

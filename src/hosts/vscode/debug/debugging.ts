/**
 * Debugging as the editor knows it: configurations, adapters, and what a hover evaluates. Every window registers it, so it
 * is small: what answers is loaded at the first call.
 */
import * as vscode from "vscode";

/** The type of our debug configurations. */
export const DEBUG_TYPE = "fermata";

/** What answers, once it is loaded. */
export interface DebugParts {
  /** A configuration with all that it needs; undefined when the person was told why not, or left. */
  complete(
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined>;
  adapter(session: vscode.DebugSession): vscode.DebugAdapter;
}

const LANGUAGE = "fermata-workflow";

/** Registers everything that the editor asks about debugging. */
export function registerDebugging(load: () => Promise<DebugParts | undefined>): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
      provideDebugConfigurations: () => [initial()],
      resolveDebugConfiguration: (_folder, configuration) => started(configuration),
      resolveDebugConfigurationWithSubstitutedVariables: async (_folder, configuration) =>
        (await needed(load)).complete(configuration),
    }),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      createDebugAdapterDescriptor: async (session) =>
        new vscode.DebugAdapterInlineImplementation((await needed(load)).adapter(session)),
    }),
    vscode.languages.registerEvaluatableExpressionProvider(LANGUAGE, {
      provideEvaluatableExpression: (document, position) => {
        const range = document.getWordRangeAtPosition(position, EXPRESSION);
        return range && new vscode.EvaluatableExpression(range);
      },
    }),
  );
}

/** Names and what is reached from them: `state.plan.items[0].title`. */
const EXPRESSION = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[(?:\d+|"[^"\]]*"|'[^'\]]*')\])*/;

/** What F5 means where nobody wrote a configuration: the file in front. */
function started(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration {
  const type = configuration.type || DEBUG_TYPE;
  const request = configuration.request || "launch";
  if (request !== "launch" || configuration.workflow !== undefined)
    return { ...configuration, type, request };
  const document = vscode.window.activeTextEditor?.document;
  const file = document?.languageId === LANGUAGE ? { workflow: document.uri.fsPath } : {};
  const name = configuration.name || vscode.l10n.t("Debug Workflow");
  return { ...configuration, type, request, name, ...file };
}

function initial(): vscode.DebugConfiguration {
  const name = vscode.l10n.t("Debug Workflow");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the editor's own variable
  return { type: DEBUG_TYPE, request: "launch", name, workflow: "${file}" };
}

async function needed(load: () => Promise<DebugParts | undefined>): Promise<DebugParts> {
  const parts = await load();
  if (parts) return parts;
  throw new Error(vscode.l10n.t("Fermata runs workflows in a folder, and none is open."));
}

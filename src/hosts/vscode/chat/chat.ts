/**
 * What the editor's chat and its agents get of this engine, as far as this editor has a chat and agents. Every window
 * registers it, so it is small: what answers is loaded at the first call.
 */
import * as vscode from "vscode";
import { PARTICIPANT } from "./offered.ts";
import { registerServerProvider } from "./serverProvider.ts";

/** What answers, once it is loaded. */
export interface ChatParts {
  readonly respond: vscode.ChatRequestHandler;
  /** By the names of the manifest. */
  readonly tools: ReadonlyMap<string, vscode.LanguageModelTool<unknown>>;
}

/** Loads what answers; undefined where no folder is open. */
export type LoadChat = () => Promise<ChatParts | undefined>;

/** Registers the participant, the tools and the server. Starts nothing and asks no model. */
export function registerChat(context: vscode.ExtensionContext, load: LoadChat): vscode.Disposable {
  return vscode.Disposable.from(
    ...registerParticipant(load),
    ...registerTools(context, load),
    ...registerServerProvider(context),
  );
}

function registerParticipant(load: LoadChat): readonly vscode.Disposable[] {
  // Some editors that carry this version's name leave the chat out.
  if (typeof vscode.chat?.createChatParticipant !== "function") return [];
  const participant = vscode.chat.createChatParticipant(PARTICIPANT, async (...request) => {
    const parts = await load();
    if (parts) return parts.respond(...request);
    const [, , response] = request;
    response.markdown(vscode.l10n.t("Fermata runs workflows in a folder, and none is open."));
    return {};
  });
  participant.iconPath = new vscode.ThemeIcon("run-all");
  participant.followupProvider = {
    provideFollowups: ({ metadata }) =>
      linesOf(metadata?.next).map((prompt) => ({ prompt, label: prompt })),
  };
  return [participant];
}

function linesOf(lines: unknown): readonly string[] {
  return Array.isArray(lines) ? lines.filter((line) => typeof line === "string") : [];
}

function registerTools(
  { extension }: vscode.ExtensionContext,
  load: LoadChat,
): readonly vscode.Disposable[] {
  if (typeof vscode.lm?.registerTool !== "function") return [];
  const declared: readonly { readonly name: string }[] =
    extension.packageJSON.contributes.languageModelTools;
  return declared.map(({ name }) => {
    const find = async () => {
      const tool = (await load())?.tools.get(name);
      if (tool) return tool;
      throw new Error(vscode.l10n.t("Fermata runs workflows in a folder, and none is open."));
    };
    return vscode.lm.registerTool<unknown>(name, {
      prepareInvocation: async (options, token) =>
        (await find()).prepareInvocation?.(options, token),
      invoke: async (options, token) => (await find()).invoke(options, token),
    });
  });
}

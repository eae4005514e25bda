/** The chat participant @fermata: puts the editor's chat in front of `converse`. Owns the ports, and asking the chat's model. */
import * as vscode from "vscode";
import type { TemplateInfo } from "../../../app/app.ts";
import type { Session } from "../session.ts";
import { type ChatStream, type ConversationPorts, converse } from "./conversation.ts";
import { type Guess, guessPrompt, readGuess } from "./freeText.ts";
import { abortedBy, translate } from "./platform.ts";

/** How long a model may think about a line, in ms. */
const PATIENCE = 15_000;

/** What answers a line to @fermata. */
export function chatResponder(session: Session): vscode.ChatRequestHandler {
  return async (request, context, response, token) => {
    const { signal, dispose } = abortedBy(token);
    const lastRun = lastRunOf(context);
    const line = {
      text: request.prompt,
      signal,
      ...(request.command === undefined ? {} : { command: request.command }),
      ...(lastRun === undefined ? {} : { lastRun }),
    };
    try {
      const ports = portsOf(session, request, token);
      return { metadata: { ...(await converse(ports, line, streamOf(response))) } };
    } finally {
      dispose();
    }
  };
}

function portsOf(
  session: Session,
  request: vscode.ChatRequest,
  token: vscode.CancellationToken,
): ConversationPorts {
  const { app, me, model, log } = session;
  return {
    ...{ app, me, now: Date.now, t: translate },
    trusted: vscode.workspace.isTrusted,
    began: async (run) => {
      log.info(`Started ${run} from the chat.`);
      await model.follow(run);
    },
    guess: (text, offered) =>
      guess(request.model, text, offered, token).catch((error) => {
        log.info(`The chat's model could not be asked: ${error}`);
        return undefined;
      }),
  };
}

/** Asks the model that the person chose for this chat, and no other; undefined when it does not answer in time. */
async function guess(
  model: vscode.LanguageModelChat | undefined,
  text: string,
  offered: readonly TemplateInfo[],
  token: vscode.CancellationToken,
): Promise<Guess | undefined> {
  if (!model) return undefined;
  const stop = new vscode.CancellationTokenSource();
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => {
    stop.cancel();
    resolve(undefined);
  };
  const timer = setTimeout(end, PATIENCE);
  const gone = token.onCancellationRequested(end);
  try {
    return await Promise.race([late, askModel(model, text, offered, stop.token)]);
  } finally {
    clearTimeout(timer);
    gone.dispose();
    stop.dispose();
  }
}

async function askModel(
  model: vscode.LanguageModelChat,
  text: string,
  offered: readonly TemplateInfo[],
  token: vscode.CancellationToken,
): Promise<Guess | undefined> {
  const message = vscode.LanguageModelChatMessage.User(guessPrompt(text, offered));
  const response = await model.sendRequest([message], {}, token);
  let answer = "";
  for await (const part of response.text) answer += part;
  return readGuess(answer, offered);
}

function streamOf(response: vscode.ChatResponseStream): ChatStream {
  return {
    markdown: (text) => response.markdown(text),
    progress: (text) => response.progress(text),
    button: ({ title, command, argument }) =>
      response.button({
        title,
        command: `fermata.${command}`,
        ...(argument === undefined ? {} : { arguments: [argument] }),
      }),
  };
}

/** The run that this chat spoke of last. */
function lastRunOf({ history }: vscode.ChatContext): string | undefined {
  const runs = history.flatMap((turn) => {
    const run: unknown = turn instanceof vscode.ChatResponseTurn && turn.result.metadata?.run;
    return typeof run === "string" ? [run] : [];
  });
  return runs.at(-1);
}

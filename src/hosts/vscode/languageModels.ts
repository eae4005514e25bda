/**
 * The editor's language models, for agents. Owns every call of that API: each names a vendor, because a call without
 * one may never return, and each ends with its signal, because a provider may never answer.
 */
import * as vscode from "vscode";
import type {
  LanguageModelAnswer,
  LanguageModelQuestion,
  LanguageModels,
} from "../../agents/languageModels.ts";

/** How long a model's list and its counting of tokens may take, in ms. */
const LOOK = 5000;

export function createLanguageModels(): LanguageModels {
  return {
    list: async (vendor, signal) => {
      const models = await orAborted(vscode.lm.selectChatModels({ vendor }), signal);
      return models.map(({ id, name, family, maxInputTokens }) => ({
        ...{ id, name, family, maxInputTokens },
      }));
    },
    ask,
  };
}

async function ask(question: LanguageModelQuestion): Promise<LanguageModelAnswer> {
  const { signal } = question;
  const cancelling = new vscode.CancellationTokenSource();
  const cancel = (): void => cancelling.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const model = await find(question);
    if (!model) return { type: "missing", message: "There is no such model." };
    return await request(model, question, cancelling.token);
  } catch (error) {
    if (signal.aborted || !(error instanceof Error)) throw error;
    const code = error instanceof vscode.LanguageModelError ? error.code : "";
    return { type: KINDS[code] ?? "failed", message: sentence(error.message) };
  } finally {
    signal.removeEventListener("abort", cancel);
    cancelling.dispose();
  }
}

const KINDS: Readonly<Record<string, "missing" | "denied" | "blocked">> = {
  NotFound: "missing",
  NoPermissions: "denied",
  Blocked: "blocked",
};

async function find({
  vendor,
  model: wanted,
  signal,
}: LanguageModelQuestion): Promise<vscode.LanguageModelChat | undefined> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(LOOK)]);
  const models = await orAborted(vscode.lm.selectChatModels({ vendor }), soon).catch((error) => {
    if (signal.aborted) throw error;
    return [];
  });
  if (wanted === undefined) return models[0];
  return models.find(({ id }) => id === wanted) ?? models.find(({ family }) => family === wanted);
}

async function request(
  model: vscode.LanguageModelChat,
  { messages, justification, signal, receive }: LanguageModelQuestion,
  token: vscode.CancellationToken,
): Promise<LanguageModelAnswer> {
  const told = messages.map((text) => vscode.LanguageModelChatMessage.User(text));
  const response = await orAborted(model.sendRequest(told, { justification }, token), signal);
  let answer = "";
  const reading = (async () => {
    for await (const piece of response.text) {
      answer += piece;
      receive(piece);
    }
  })();
  await orAborted(reading, signal);
  const count = (text: string) => countTokens(model, text);
  const [input, output] = await Promise.all([count(messages.join("\n")), count(answer)]);
  return {
    type: "answered",
    model: model.id,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  };
}

/** What the model's own tokenizer says; undefined when it does not say it soon. */
async function countTokens(
  model: vscode.LanguageModelChat,
  text: string,
): Promise<number | undefined> {
  try {
    return await orAborted(model.countTokens(text), AbortSignal.timeout(LOOK));
  } catch {
    return undefined;
  }
}

function orAborted<T>(work: Thenable<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject);
  });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

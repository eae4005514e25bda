/** The editor's small notions as the rest of the chat takes them: texts, and what stops an answer. */
import * as vscode from "vscode";

/** A text in the person's language. */
export function translate(text: string, ...values: readonly (string | number)[]): string {
  return vscode.l10n.t(text, ...values);
}

/** A signal that follows a token until it is disposed of. */
export function abortedBy(token: vscode.CancellationToken): {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const stop = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => stop.dispose() };
}

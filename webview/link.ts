/** The line to the window that shows this page. Owns the editor's one handle. */
import type { FromDefinition } from "../src/protocol/definitionView.ts";
import type { FromView } from "../src/protocol/runView.ts";
import type { JsonObject } from "../src/util/json.ts";

interface EditorApi {
  postMessage(message: FromView | FromDefinition): void;
  setState(state: JsonObject): void;
}

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();

export function send(message: FromView): void {
  api.postMessage(message);
}

/** The same from the page of a definition. */
export function sendTo(message: FromDefinition): void {
  api.postMessage(message);
}

/** Remembers which run this is, so that the editor can bring the view back after a reload. */
export function remember(run: string): void {
  rememberAs({ run });
}

/** Remembers what this page is of. */
export function rememberAs(state: JsonObject): void {
  api.setState(state);
}

/** Calls back with every message of the window; the page knows what it may get. */
export function listen<T>(take: (message: T) => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<T>) => take(data));
}

/** The line to the window that shows this page. Owns the editor's one handle. */
import type { FromView, ToView } from "../src/protocol/runView.ts";

interface EditorApi {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();

export function send(message: FromView): void {
  api.postMessage(message);
}

/** Remembers which run this is, so that the editor can bring the view back after a reload. */
export function remember(run: string): void {
  api.setState({ run });
}

export function listen(take: (message: ToView) => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<ToView>) => take(data));
}

/** A status as its icon, the same as in the trees. The word always stands beside it. */
import "@vscode-elements/elements/dist/vscode-icon/index.js";
import { html, type TemplateResult } from "lit";
import type { Status } from "../src/views/statusWord.ts";

const ICONS: Readonly<Record<Status, string>> = {
  queued: "circle-outline",
  running: "loading",
  asking: "question",
  waiting: "watch",
  paused: "debug-pause",
  retrying: "sync",
  done: "pass",
  skipped: "circle-slash",
  rejected: "thumbsdown",
  failed: "error",
  cancelled: "stop-circle",
  interrupted: "debug-disconnect",
};

export function statusIcon(status: Status): TemplateResult {
  return html`<vscode-icon
    class=${status}
    name=${ICONS[status]}
    ?spin=${status === "running" && MOTION.matches}
    aria-hidden="true"
  ></vscode-icon>`;
}

const MOTION = window.matchMedia("(prefers-reduced-motion: no-preference)");

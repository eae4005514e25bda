/** The head of a run's page: its name and state, what it took, and the buttons that steer it. Each number opens the report. */
import { html, nothing, type TemplateResult } from "lit";
import type { Steering } from "../../src/protocol/runView.ts";
import { runMetrics } from "../../src/report/metrics.ts";
import { beganAt, type RunState } from "../../src/run/state.ts";
import { formatElapsed } from "../../src/views/duration.ts";
import { printableLine } from "../../src/views/printable.ts";
import { formatSpent, formatTokens } from "../../src/views/usage.ts";
import { send } from "../link.ts";
import type { Picture } from "../runModel.ts";
import { statusIcon } from "../statusIcon.ts";
import { tool } from "./tool.ts";

/** The line; `now` in ms since the epoch. `openReport` shows where a number comes from. */
export function runHead(
  { tree, state, run, driving }: Picture,
  now: number,
  openReport: () => void,
): TemplateResult {
  const number = (value: string, about: string) =>
    html`<button class="link dim figure" title=${about} aria-label="${value}, ${about}" @click=${openReport}>${value}</button>`;
  const cost = formatSpent(state.cost_usd, state.unpriced);
  return html`<div class="line">
    <h1>${printableLine(tree.title)}</h1>
    <span class="dim code run">${run}</span>
    <span class="word">${statusIcon(tree.status)}<span>${tree.word}</span></span>
    ${number(formatElapsed((state.ended_at ?? now) - beganAt(state)), "time so far: open the report")}
    ${speedUp(state, number)}
    ${state.tokens > 0 ? number(formatTokens(state.tokens), "tokens: open the report") : nothing}
    ${cost === "" ? nothing : number(cost, "cost: open the report")}
    <span class="gap"></span>
    ${driving.locked === undefined ? steering(state.status) : html`<span class="dim">${driving.locked}</span>`}
    ${tool("list-tree", "Open Run as Text", () => send({ type: "openText" }))}
  </div>
  ${budgets(state)}`;
}

/** Budgets that are only watched: which are exceeded, and of which nobody can tell. */
function budgets({ overspent }: RunState): readonly TemplateResult[] {
  return overspent.map(
    ({ message }) => html`<div class="line budget" role="status">
      <vscode-icon name="warning" aria-hidden="true"></vscode-icon><span>${printableLine(message)}</span>
    </div>`,
  );
}

function steering(status: RunState["status"]): unknown {
  const steer = (verb: Steering, icon: string, label: string) =>
    tool(icon, label, () => send({ type: "steer", verb }));
  const cancel = () => steer("cancel", "debug-stop", "Cancel Run");
  if (status === "paused") return [steer("resume", "debug-continue", "Resume"), cancel()];
  if (status === "running") return [steer("pause", "debug-pause", "Pause"), cancel()];
  return status === "failed" ? steer("retry", "debug-restart", "Retry") : nothing;
}

/** What working in parallel came to, once it is known. */
function speedUp(
  state: RunState,
  number: (value: string, about: string) => TemplateResult,
): TemplateResult | typeof nothing {
  if (state.ended_at === undefined) return nothing;
  const { speedUp: factor } = runMetrics(state, state.ended_at);
  if (factor < 1.05) return nothing;
  const value = `${factor.toFixed(1)}x`;
  return number(value, `${value.slice(0, -1)} times as fast as one step after the other`);
}

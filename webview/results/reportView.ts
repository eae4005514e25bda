/**
 * What a run came to: planned and actual times, what working in parallel gained, tokens and money, success criteria and
 * gates. Owns the arrangement; the figures are the report's.
 */
import "@vscode-elements/elements/dist/vscode-icon/index.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import {
  pricePerMillion,
  type Spending,
  type Spent,
  savedShare,
} from "../../src/report/spending.ts";
import { gateTotals } from "../../src/run/gate/tally.ts";
import type { TaskRecord } from "../../src/run/history/taskRecord.ts";
import { beganAt, type RunState } from "../../src/run/state.ts";
import { formatElapsed } from "../../src/views/duration.ts";
import { printableLine } from "../../src/views/printable.ts";
import { formatCost, formatTokens } from "../../src/views/usage.ts";
import { SHARED, STATUS } from "../styles.ts";
import { RESULT } from "./resultStyles.ts";
import type { ReportFacts } from "./results.ts";

/** Tasks listed before somebody asks for the rest. */
const FIRST = 20;

export class ReportView extends LitElement {
  static override properties = { facts: { attribute: false }, all: { state: true } };
  static override styles = [SHARED, STATUS, RESULT];
  declare facts: ReportFacts | undefined;
  declare all: boolean;

  constructor() {
    super();
    this.all = false;
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.facts) return nothing;
    return html`${this.overview(this.facts)} ${this.times(this.facts)} ${this.critical(this.facts)}
    ${this.spent(this.facts)} ${criteria(this.facts.state)}`;
  }

  private overview({ state, metrics, spending }: ReportFacts): TemplateResult {
    const gates = gateTotals(state);
    const figure = (value: string, about: string) =>
      html`<div><strong>${value}</strong><span class="dim">${about}</span></div>`;
    return html`<section aria-label="At a glance">
      <div class="big">
        ${figure(formatElapsed(metrics.elapsed), state.ended_at === undefined ? "so far" : "from beginning to end")}
        ${metrics.speedUp >= 1.05 ? figure(`${metrics.speedUp.toFixed(1)}x`, "as fast as one after the other") : nothing}
        ${figure(formatTokens(spending.input + spending.output), "in and out")}
        ${spending.cost > 0 ? figure(formatCost(spending.cost), "paid") : nothing}
        ${gates.total > 0 ? figure(`${gates.passed} of ${gates.total}`, "gates passed") : nothing}
      </div>
      <div class="dim">
        started ${new Date(beganAt(state)).toLocaleString()} by ${printableLine(state.started.started_by)}
      </div>
    </section>`;
  }

  private times({ metrics, state, at }: ReportFacts): TemplateResult {
    const planned = [...state.tasks.values()].filter(({ estimate }) => estimate !== undefined);
    const saved = metrics.sequential - metrics.elapsed;
    return html`<section aria-label="Time">
      <h2>Time</h2>
      <dl class="facts">
        <dt>One after the other</dt>
        <dd>${formatElapsed(metrics.sequential)}</dd>
        <dt>As it ran</dt>
        <dd>${formatElapsed(metrics.elapsed)}${saved > 1000 ? `, ${formatElapsed(saved)} less` : ""}</dd>
        <dt>Critical path</dt>
        <dd>${formatElapsed(metrics.criticalTime)} in ${steps(metrics.criticalPath.length)}</dd>
      </dl>
      ${
        metrics.phases.length === 0 && planned.length === 0
          ? html`<p class="dim">Nothing was planned: a phase or a step says so with <span class="code">estimate</span>.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th scope="col" class="wide">Phase or step</th>
                  <th scope="col" class="number">Planned</th>
                  <th scope="col" class="number">Actual</th>
                  <th scope="col" class="number">Difference</th>
                  <th scope="col" class="number">Speed-up</th>
                </tr>
              </thead>
              <tbody>
                ${metrics.phases.map((phase) => timeRow(printableLine(phase.title), phase.estimate, phase.elapsed, phase.speedUp))}
                ${planned
                  .slice(0, this.all ? undefined : FIRST)
                  .map((task) =>
                    timeRow(this.link(task.path, task.title), task.estimate, tookIn(task, at)),
                  )}
              </tbody>
            </table>`
      }
    </section>`;
  }

  private critical({ metrics, state, at }: ReportFacts): TemplateResult | typeof nothing {
    if (metrics.criticalPath.length === 0) return nothing;
    const shown = metrics.criticalPath.slice(0, this.all ? undefined : FIRST);
    return html`<section aria-label="Critical path">
      <h2>Critical path</h2>
      <p class="dim">Had one of these taken less time, so would the run.</p>
      <table>
        <tbody>
          ${shown.map((path) => {
            const task = state.tasks.get(path);
            const took = task ? tookIn(task, at) : 0;
            const share = metrics.elapsed > 0 ? Math.round((100 * took) / metrics.elapsed) : 0;
            return html`<tr>
              <td class="wide">${this.link(path, task?.title ?? path)}</td>
              <td class="dim code">${printableLine(path)}</td>
              <td class="number">${formatElapsed(took)}</td>
              <td class="number">${share} %</td>
            </tr>`;
          })}
        </tbody>
      </table>
      ${this.rest(metrics.criticalPath.length)}
    </section>`;
  }

  private spent({ spending }: ReportFacts): TemplateResult {
    if (spending.attempts === 0)
      return html`<section aria-label="Tokens and cost"><h2>Tokens and cost</h2>
        <p class="dim">No agent has told of any.</p></section>`;
    const shown = spending.tasks.slice(0, this.all ? undefined : FIRST);
    return html`<section aria-label="Tokens and cost">
      <h2>Tokens and cost</h2>
      <table>
        ${spentHead("Agent")}
        <tbody>
          ${spending.agents.map((each) => spentRow(printableLine(each.agent), each))}
          ${spending.agents.length > 1 ? spentRow(html`<strong>All</strong>`, spending) : nothing}
        </tbody>
      </table>
      <h2>By task</h2>
      <table>
        ${spentHead("Task")}
        <tbody>
          ${shown.map((each) => spentRow(this.link(each.path, each.path), each))}
        </tbody>
      </table>
      ${this.rest(spending.tasks.length)}
      ${contextSaved(spending.context)}
      ${spending.estimated ? html`<p class="dim">≈ counted here, because the agent did not say.</p>` : nothing}
    </section>`;
  }

  private rest(count: number): TemplateResult | typeof nothing {
    if (this.all || count <= FIRST) return nothing;
    const more = () => {
      this.all = true;
    };
    return html`<button class="link" @click=${more}>Show all ${count}</button>`;
  }

  private link(path: string, title: string): TemplateResult {
    const choose = () =>
      this.dispatchEvent(new CustomEvent("choose", { detail: path, bubbles: true }));
    return html`<button class="link" @click=${choose}>${printableLine(title)}</button>`;
  }
}

function contextSaved(context: Spending["context"]): TemplateResult | typeof nothing {
  const { tokens, whole } = context;
  if (whole === 0) return nothing;
  const saved = savedShare(context);
  const made = saved > 0 ? `, made ${formatTokens(tokens)} (${saved} % saved)` : "";
  return html`<p>Context given to agents: ≈ ${formatTokens(whole)}${made}.</p>`;
}

function tookIn({ started_at: from, ended_at: to }: TaskRecord, at: number): number {
  return (to ?? at) - from;
}

function steps(count: number): string {
  return count === 1 ? "1 step" : `${count} steps`;
}

function timeRow(
  title: TemplateResult | string,
  planned: number | undefined,
  actual: number,
  speedUp?: number,
): TemplateResult {
  const late = planned === undefined ? 0 : actual - planned;
  const sign = late >= 0 ? "+" : "-";
  return html`<tr>
    <td>${title}</td>
    <td class="number">${planned === undefined ? "" : formatElapsed(planned)}</td>
    <td class="number">${formatElapsed(actual)}</td>
    <td class="number ${late > 0 ? "late" : ""}">
      ${planned === undefined ? "" : `${sign}${formatElapsed(Math.abs(late))}`}
    </td>
    <td class="number">${speedUp === undefined || speedUp < 1.05 ? "" : `${speedUp.toFixed(1)}x`}</td>
  </tr>`;
}

function spentHead(first: string): TemplateResult {
  return html`<thead>
    <tr>
      <th scope="col" class="wide">${first}</th>
      <th scope="col" class="number">Calls</th>
      <th scope="col" class="number">In</th>
      <th scope="col" class="number">Out</th>
      <th scope="col" class="number">Cost</th>
      <th scope="col" class="number">A million tokens</th>
    </tr>
  </thead>`;
}

function spentRow(title: TemplateResult | string, spent: Spent): TemplateResult {
  const about = spent.estimated ? "≈ " : "";
  const price = pricePerMillion(spent);
  return html`<tr>
    <td>${title}</td>
    <td class="number">${spent.attempts}</td>
    <td class="number">${about}${formatTokens(spent.input)}</td>
    <td class="number">${about}${formatTokens(spent.output)}</td>
    <td class="number">${spent.cost > 0 ? formatCost(spent.cost) : ""}</td>
    <td class="number">${price === undefined ? "" : formatCost(price)}</td>
  </tr>`;
}

function criteria({ criteria: all }: RunState): TemplateResult | typeof nothing {
  if (!all || all.length === 0) return nothing;
  const held = all.filter((each) => each.held).length;
  return html`<section aria-label="Success criteria">
    <h2>Success criteria: ${held} of ${all.length} hold</h2>
    <table>
      <tbody>
        ${all.map(
          ({ criterion, held: holds, problem }) => html`<tr>
            <td>
              <span class="verdict ${holds ? "PASS" : "FAIL"}"
                ><vscode-icon name=${holds ? "pass" : "error"} aria-hidden="true"></vscode-icon
                ><span>${holds ? "holds" : "does not hold"}</span></span
              >
            </td>
            <td class="code">${printableLine(criterion)}</td>
            <td class="dim">${printableLine(problem ?? "")}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

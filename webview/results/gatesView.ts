/** Every gate of the run in one table, each to be opened to its evidence. Owns which are open and which are shown. */
import "@vscode-elements/elements/dist/vscode-icon/index.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { printable, printableLine } from "../../src/views/printable.ts";
import type { GateLine } from "../../src/views/runPage/gateTable.ts";
import { SHARED, STATUS } from "../styles.ts";
import { RESULT } from "./resultStyles.ts";

/** Lines drawn before somebody asks for the rest. */
const FIRST = 300;

const ICONS = { PASS: "pass", WARN: "warning", FAIL: "error" } as const;

export class GatesView extends LitElement {
  static override properties = {
    gates: { attribute: false },
    opened: { state: true },
    onlyBad: { state: true },
    all: { state: true },
  };
  static override styles = [SHARED, STATUS, RESULT];
  declare gates: readonly GateLine[];
  declare opened: ReadonlySet<string>;
  declare onlyBad: boolean;
  declare all: boolean;

  constructor() {
    super();
    this.gates = [];
    this.opened = new Set();
    this.onlyBad = false;
    this.all = false;
  }

  override render(): TemplateResult {
    const { gates } = this;
    if (gates.length === 0)
      return html`<p class="dim">No gate of this run has been judged yet. Gates are conditions that must hold: a <span class="code">gate</span> step, or <span class="code">gates</span> on any step.</p>`;
    const wanted = this.onlyBad ? gates.filter(({ status }) => status !== "PASS") : gates;
    const drawn = this.all ? wanted : wanted.slice(0, FIRST);
    return html`<section aria-label="Gates">
      <h2 class="away">Gates</h2>
      <div class="big">
        ${(["PASS", "WARN", "FAIL"] as const).map((status) => this.count(status))}
        <label>
          <input type="checkbox" .checked=${this.onlyBad} @change=${() => this.turnBad()} />
          Only what did not pass
        </label>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col" class="narrow">Result</th>
            <th scope="col">Gate</th>
            <th scope="col" class="wide">Task</th>
            <th scope="col">Check</th>
            <th scope="col">Measured</th>
            <th scope="col">Threshold</th>
          </tr>
        </thead>
        <tbody>
          ${drawn.map((line) => this.line(line))}
        </tbody>
      </table>
      ${
        drawn.length < wanted.length
          ? html`<button class="link" @click=${() => this.showAll()}>Show all ${wanted.length}</button>`
          : nothing
      }
    </section>`;
  }

  private count(status: GateLine["status"]): TemplateResult {
    const count = this.gates.filter((gate) => gate.status === status).length;
    return html`<div>
      <strong>${count}</strong><span class="verdict ${status}">${icon(status)}<span>${status}</span></span>
    </div>`;
  }

  private line(line: GateLine): readonly TemplateResult[] {
    const key = keyOf(line);
    const open = this.opened.has(key);
    const again = line.before > 0 ? ` (judged ${line.before + 1} times)` : "";
    const row = html`<tr>
      <td><span class="verdict ${line.status}">${icon(line.status)}<span>${line.status}</span></span></td>
      <td>
        <button class="link" aria-expanded=${open} @click=${() => this.toggle(key)}>
          ${printableLine(line.name)}
        </button>
        <div class="dim">${printableLine(line.category ?? "")}${again}</div>
      </td>
      <td>
        <button class="link code" @click=${() => this.choose(line.path)}>${printableLine(line.path)}</button>
      </td>
      <td class="code">${cut(printableLine(line.check))}</td>
      <td>${cut(printableLine(line.measured ?? exitText(line)))}</td>
      <td>${cut(printableLine(line.threshold ?? ""))}</td>
    </tr>`;
    return open ? [row, evidence(line)] : [row];
  }

  private toggle(key: string): void {
    const opened = new Set(this.opened);
    if (!opened.delete(key)) opened.add(key);
    this.opened = opened;
  }

  private turnBad(): void {
    this.onlyBad = !this.onlyBad;
  }

  private showAll(): void {
    this.all = true;
  }

  private choose(path: string): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: path, bubbles: true }));
  }
}

function keyOf({ path, name }: GateLine): string {
  return `${path}\n${name}`;
}

function icon(status: GateLine["status"]): TemplateResult {
  return html`<vscode-icon class=${status} name=${ICONS[status]} aria-hidden="true"></vscode-icon>`;
}

function exitText({ exitCode }: GateLine): string {
  return exitCode === undefined ? "" : `exit code ${exitCode}`;
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function evidence(line: GateLine): TemplateResult {
  const { check, output, exitCode } = line;
  return html`<tr class="evidence">
    <td colspan="6">
      <p>${printable(line.reason)}</p>
      ${check === "" ? nothing : html`<h3>Asked</h3><pre tabindex="0" aria-label="Asked">${printable(check)}</pre>`}
      ${
        output === undefined
          ? html`<h3>Evidence</h3>
              <pre tabindex="0" aria-label="Evidence">${printable(JSON.stringify(line.evidence, null, 2).slice(0, 20_000))}</pre>`
          : html`<h3>Output, exit code ${exitCode}</h3>
              <pre tabindex="0" aria-label="Output">${printable(output) || "nothing"}</pre>`
      }
      <div class="dim">judged ${new Date(line.at).toLocaleString()}</div>
    </td>
  </tr>`;
}

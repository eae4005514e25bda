/**
 * What a breakpoint asks, in the side pane: the same data as in every other form. Owns the controls only.
 * A plan is answered here too, since its exact text is on screen here.
 */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-textarea/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import { type FormView, formView } from "../../src/views/breakpointForm.ts";
import { formatAge, formatElapsed } from "../../src/views/duration.ts";
import { printable, printableLine } from "../../src/views/printable.ts";
import { send } from "../link.ts";
import { SHARED } from "../styles.ts";

export class AnswerForm extends LitElement {
  static override properties = {
    open: { attribute: false },
    now: { type: Number },
    locked: {},
    sent: { state: true },
  };
  static override styles = [
    SHARED,
    css`
      :host {
        display: block;
        margin: 8px 0;
        padding: 8px;
        border: 1px solid var(--vscode-charts-yellow);
        background: var(--vscode-editorWidget-background);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 8px;
      }
      label {
        display: block;
        margin-top: 8px;
      }
      vscode-textarea,
      vscode-textfield {
        width: 100%;
      }
    `,
  ];
  declare open: Breakpoint;
  declare now: number;
  declare locked: string | undefined;
  /** The hash that was answered: the form waits for the run's word. */
  declare sent: string;

  constructor() {
    super();
    this.now = 0;
    this.sent = "";
  }

  override render(): TemplateResult {
    const view = formView(this.open);
    const age = formatAge(this.now - view.openedAt);
    return html`
      <h2>${printableLine(view.title)}</h2>
      <div class="dim">${[...handed(view, this.now), `waiting ${age}`].join(" · ")}</div>
      ${view.body === view.title ? nothing : html`<pre tabindex="0">${printable(view.body)}</pre>`}
      ${this.locked === undefined ? this.controls(view) : html`<p>${this.locked}</p>`}
    `;
  }

  private controls(view: FormView): TemplateResult {
    switch (view.kind) {
      case "text":
        return html`<vscode-textarea
            rows="4"
            resize="vertical"
            .label=${"Your answer"}
            placeholder=${view.expected}
          ></vscode-textarea>
          <div class="row">
            ${this.button("Send Answer", () => this.give(this.textIn("vscode-textarea")))}
          </div>`;
      case "form":
        return html`${view.fields.map(
          ({
            name,
            label,
            takes,
            field,
          }) => html`<label for=${name}>${label} <span class="dim">${takes}</span></label>
              <vscode-textfield id=${name} .label=${label} .value=${presetOf(field.default)}></vscode-textfield>`,
        )}
          <div class="row">${this.button("Send Answers", () => this.answerFields(view))}</div>`;
      case "plan":
        return html`<div class="row">
          ${this.button(`Approve Version ${this.version()}`, () => this.give({ approved: true }))}
          ${this.button(
            "Comment, Edit or Reject...",
            () => send({ type: "openQuestion", breakpoint: view.id }),
            true,
          )}
        </div>`;
      case "escalation":
        return this.escalation(view);
      default:
        return html`<div class="row">
          ${view.choices.map((choice, index) =>
            this.button(choice.label, () => this.give(choice.value), index > 0, choice.hint),
          )}
        </div>`;
    }
  }

  /** One text serves them all: the result as it should be, guidance, or a reason; an agent's name has a field of its own. */
  private escalation(view: FormView): TemplateResult {
    const { form } = this.open;
    if (form.kind !== "escalation") return html``;
    const reroutes = form.allow.includes("reroute");
    const about = "Guidance, a reason, or the result as it should be";
    return html`<label for="text">${about}</label>
      <vscode-textarea
        id="text"
        rows="4"
        resize="vertical"
        .label=${about}
        .value=${form.allow.includes("approve") ? "" : form.response}
      ></vscode-textarea>
      ${
        reroutes
          ? html`<label for="agent">Agent <span class="dim">${form.agents.join(", ")}</span></label>
            <vscode-textfield id="agent" .label=${"Agent"} .value=${form.agents[0] ?? ""}></vscode-textfield>`
          : nothing
      }
      <div class="row">
        ${view.choices.map((choice, index) =>
          this.button(choice.label, () => this.decide(choice.value), index > 0, choice.hint),
        )}
      </div>`;
  }

  private decide(decision: string): void {
    const text = this.textIn("vscode-textarea");
    if (decision === "edit" && text.trim() === "") return this.beginEdit();
    const agent = this.textIn("#agent");
    const details: Readonly<Record<string, JsonObject>> = {
      edit: { response: text },
      retry: { guidance: text },
      reroute: { agent, guidance: text },
      fail: { reason: text },
    };
    this.give({ decision, ...details[decision] });
  }

  /** There is nothing yet to take as the result: the person begins with what was answered. */
  private beginEdit(): void {
    const { form } = this.open;
    const field = this.renderRoot.querySelector<HTMLElement & { value: string }>("vscode-textarea");
    if (!field || form.kind !== "escalation") return;
    field.value = form.response;
    field.focus();
  }

  private button(
    label: string,
    press: () => void,
    secondary = false,
    hint?: string,
  ): TemplateResult {
    const waits = this.sent === this.open.hash;
    return html`<vscode-button
      ?secondary=${secondary}
      ?disabled=${waits}
      title=${hint ?? nothing}
      @click=${press}
      >${printableLine(label)}</vscode-button
    >`;
  }

  private version(): number {
    return this.open.form.kind === "approval" ? this.open.form.version : 1;
  }

  private answerFields(view: FormView): void {
    const values = view.fields.map(({ name }) => [name, this.textIn(`#${CSS.escape(name)}`)]);
    this.give(Object.fromEntries(values.filter(([, value]) => value !== "")));
  }

  private textIn(selector: string): string {
    const field = this.renderRoot.querySelector(selector);
    return field && "value" in field ? String(field.value) : "";
  }

  private give(answer: Json): void {
    this.sent = this.open.hash;
    send({ type: "answer", breakpoint: this.open.id, shown: this.open.hash, answer });
  }

  /** The run did not take the answer: it may be given again. */
  again(): void {
    this.sent = "";
  }
}

/** Whose it is, how much it presses. */
function handed(view: FormView, now: number): readonly string[] {
  const { due, escalated, priority, claimedBy, owner } = view;
  const late = escalated || (due !== undefined && due <= now);
  const left = due === undefined || late ? "" : `due in ${formatElapsed(due - now)}`;
  const whose = claimedBy === undefined ? owner && `for ${owner}` : `taken by ${claimedBy}`;
  return [late ? "overdue" : left, priority && `${priority} priority`, whose]
    .map((part) => printableLine(part ?? ""))
    .filter((part) => part !== "");
}

function presetOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

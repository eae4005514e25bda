/**
 * The selected task: what it was asked, its attempts, its result, its transcript, and the form of what it waits for.
 * Owns the arrangement. Everything foreign is shown as plain text.
 */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { TRANSCRIPT_PAGE } from "../../src/protocol/runView.ts";
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import type { TaskRecord } from "../../src/run/state.ts";
import { isObject, type Json } from "../../src/util/json.ts";
import { formatElapsed } from "../../src/views/duration.ts";
import { printable, printableLine } from "../../src/views/printable.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";
import { formatCost, formatTokens } from "../../src/views/usage.ts";
import { send } from "../link.ts";
import type { Transcript } from "../runModel.ts";
import { statusIcon } from "../statusIcon.ts";
import { SHARED, STATUS } from "../styles.ts";
import { type Attempt, requestText, type TaskFacts } from "./taskFacts.ts";

export class SidePane extends LitElement {
  static override properties = {
    row: { attribute: false },
    record: { attribute: false },
    facts: { attribute: false },
    open: { attribute: false },
    transcript: { attribute: false },
    state: { attribute: false },
    now: { type: Number },
    locked: {},
  };
  static override styles = [
    SHARED,
    STATUS,
    css`
      :host {
        display: block;
        overflow: auto;
        padding: 8px 12px;
      }
      .line {
        display: flex;
        gap: 6px;
        align-items: center;
        flex-wrap: wrap;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      td {
        padding: 1px 8px 1px 0;
        vertical-align: top;
      }
      .buttons {
        display: flex;
        gap: 6px;
        flex-wrap: wrap;
        margin-top: 6px;
      }
      .link {
        color: var(--vscode-textLink-foreground);
        background: none;
        border: none;
        padding: 0;
        font: inherit;
        cursor: pointer;
        text-align: left;
      }
    `,
  ];
  declare row: TaskRow | undefined;
  declare record: TaskRecord | undefined;
  declare facts: TaskFacts | undefined;
  declare open: Breakpoint | undefined;
  declare transcript: Transcript | undefined;
  /** The run's fields at the moment that is looked at. */
  declare state: Json;
  declare now: number;
  declare locked: string | undefined;

  constructor() {
    super();
    this.now = 0;
    this.state = {};
  }

  override render(): TemplateResult {
    const { row } = this;
    if (!row) return html`${this.question()}${this.fields()}`;
    return html`
      <h2>${printableLine(row.title)}</h2>
      <div class="line">
        ${statusIcon(row.status)}<span>${row.word}</span>
        <span class="dim code">${row.id}</span>
      </div>
      ${row.detail === undefined ? nothing : html`<div class="dim">${printableLine(row.detail)}</div>`}
      ${this.question()} ${this.numbers(row)} ${this.failure()}
      ${section("Input", this.facts?.request && requestText(this.facts.request))}
      ${section("Result", textOf(this.facts?.result))} ${this.files()} ${this.attempts()}
      ${this.transcriptPart(row)} ${this.fields()}
    `;
  }

  private question(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    return html`<fermata-answer .open=${this.open} .now=${this.now} .locked=${this.locked}></fermata-answer>`;
  }

  private numbers(row: TaskRow): TemplateResult {
    const { record } = this;
    const lines: (readonly [string, string])[] = [];
    if (record?.agent) lines.push(["Agent", record.agent]);
    if (row.startedAt !== undefined)
      lines.push(["Took", formatElapsed((row.endedAt ?? this.now) - row.startedAt)]);
    if (row.tokens > 0) lines.push(["Tokens", formatTokens(row.tokens)]);
    if (record && record.cost_usd > 0) lines.push(["Cost", formatCost(record.cost_usd)]);
    if (this.facts?.answeredBy) lines.push(["Answered by", this.facts.answeredBy]);
    for (const { name, status, reason } of record?.gates ?? [])
      lines.push([`Gate ${name}`, `${status.toUpperCase()} ${reason}`]);
    return html`<table>
      ${lines.map(([name, value]) => html`<tr><td class="dim">${name}</td><td>${printableLine(value)}</td></tr>`)}
    </table>`;
  }

  private failure(): TemplateResult | typeof nothing {
    const failure = this.record?.failure ?? this.facts?.failure;
    if (!failure) return nothing;
    return html`<h3 class="failed">Failed</h3>
      <pre>${printable(failure.message)}</pre>
      ${
        this.row?.status === "failed" && this.locked === undefined
          ? html`<div class="buttons">
            <vscode-button @click=${() => send({ type: "steer", verb: "retry", path: this.row?.id ?? "" })}
              >Retry</vscode-button
            >
          </div>`
          : nothing
      }`;
  }

  private files(): TemplateResult | typeof nothing {
    const files = this.facts?.filesChanged ?? [];
    if (files.length === 0) return nothing;
    return html`<h3>Files changed (${files.length})</h3>
      ${files.map(
        (file) => html`<div>
          <button class="link" @click=${() => send({ type: "openFile", file })}>${printableLine(file)}</button>
        </div>`,
      )}`;
  }

  private attempts(): TemplateResult | typeof nothing {
    const attempts = this.facts?.attempts ?? [];
    if (attempts.length === 0) return nothing;
    return html`<h3>Attempts</h3>
      <table>
        ${attempts.map(
          (each) => html`<tr>
            <td>${each.number}</td>
            <td>${each.ended}</td>
            <td>${formatElapsed((each.to ?? this.now) - each.from)}</td>
            <td>${aboutAttempt(each)}</td>
          </tr>`,
        )}
      </table>`;
  }

  private transcriptPart(row: TaskRow): TemplateResult | typeof nothing {
    if (!row.kind || ["phase", "item", "branch", "run"].includes(row.kind)) return nothing;
    const { transcript } = this;
    if (!transcript || transcript.path !== row.id) return nothing;
    if (transcript.total === 0) return nothing;
    const { from, total, lines } = transcript;
    const page = (start: number) => () =>
      send({ type: "transcript", path: row.id, from: Math.max(0, start), follow: false });
    return html`<h3>Transcript</h3>
      <pre tabindex="0" aria-label="Transcript">${lines.map(({ text }) => `${printable(text)}\n`)}</pre>
      <div class="line">
        <span class="dim">lines ${from + 1} to ${from + lines.length} of ${total}</span>
        ${from > 0 ? html`<button class="link" @click=${page(from - TRANSCRIPT_PAGE)}>Earlier</button>` : nothing}
        ${
          from + lines.length < total
            ? html`<button class="link" @click=${page(from + TRANSCRIPT_PAGE)}>Later</button>`
            : nothing
        }
        <button class="link" @click=${() => send({ type: "openTranscript", path: row.id })}>Open in Editor</button>
      </div>`;
  }

  private fields(): TemplateResult | typeof nothing {
    if (!isObject(this.state) || Object.keys(this.state).length === 0) return nothing;
    return html`<details>
      <summary>State at this moment</summary>
      <pre tabindex="0">${printable(JSON.stringify(this.state, null, 2).slice(0, 100_000))}</pre>
    </details>`;
  }
}

function aboutAttempt({ failure, usage }: Attempt): string {
  const tokens = usage ? formatTokens(usage.input_tokens + usage.output_tokens) : "";
  const estimated = usage?.estimated ? " (estimated)" : "";
  const said = failure ? printableLine(failure.message).slice(0, 200) : "";
  return [tokens + estimated, said].filter((part) => part !== "").join(" · ");
}

function section(title: string, text: string | undefined): TemplateResult | typeof nothing {
  if (text === undefined || text === "") return nothing;
  return html`<h3>${title}</h3>
    <pre tabindex="0">${printable(text.slice(0, 50_000))}</pre>`;
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value) && typeof value.response === "string") return value.response;
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

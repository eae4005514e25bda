/**
 * The selected task: what failed and the next moves, what it waits for, its numbers, what it was asked, its result, its
 * files, its transcript. Owns the arrangement. Everything foreign is shown as plain text.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { TRANSCRIPT_PAGE } from "../../src/protocol/runView.ts";
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import type { RunStarted } from "../../src/run/event.ts";
import type { TaskRecord } from "../../src/run/history/taskRecord.ts";
import { isObject, type Json } from "../../src/util/json.ts";
import { printable, printableLine } from "../../src/views/printable.ts";
import { type TaskRow, taskOf } from "../../src/views/taskRow.ts";
import { send } from "../link.ts";
import type { Transcript } from "../runModel.ts";
import { statusIcon } from "../statusIcon.ts";
import { SHARED, STATUS } from "../styles.ts";
import { nextMoves } from "./nextMoves.ts";
import { taskNumbers } from "./numbers.ts";
import { SIDE_PANE } from "./sidePaneStyles.ts";
import { requestText, type TaskFacts } from "./taskFacts.ts";

export class SidePane extends LitElement {
  static override properties = {
    row: { attribute: false },
    record: { attribute: false },
    agents: { attribute: false },
    facts: { attribute: false },
    open: { attribute: false },
    transcript: { attribute: false },
    state: { attribute: false },
    stateKey: {},
    stateOpen: { type: Boolean },
    now: { type: Number },
    over: { type: Boolean },
    locked: {},
  };
  static override styles = [SHARED, STATUS, SIDE_PANE];
  declare row: TaskRow | undefined;
  declare record: TaskRecord | undefined;
  /** What the run chose for each agent's name. */
  declare agents: RunStarted["agents"];
  declare facts: TaskFacts | undefined;
  declare open: Breakpoint | undefined;
  declare transcript: Transcript | undefined;
  /** The run's fields at the moment that is looked at; one object that moves on with `stateKey`. */
  declare state: Json;
  declare stateKey: string;
  declare stateOpen: boolean;
  declare now: number;
  /** The run has ended. */
  declare over: boolean;
  declare locked: string | undefined;
  private texts:
    | { readonly facts: TaskFacts; readonly input: string; readonly result: string }
    | undefined;
  private shownId = "";
  /** The end of the transcript is before the person's eyes: it stays so as more is said. */
  private atEnd = true;

  constructor() {
    super();
    this.agents = {};
    this.now = 0;
    this.state = {};
    this.stateKey = "";
    this.stateOpen = false;
    this.over = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (this.row?.id !== this.shownId && changed.has("row")) this.scrollTop = 0;
    this.shownId = this.row?.id ?? "";
    const lines = this.transcriptLines();
    this.atEnd = !lines || lines.scrollTop + lines.clientHeight >= lines.scrollHeight - NEAR;
  }

  override updated(changed: Map<string, unknown>): void {
    const lines = this.transcriptLines();
    if (!lines || !changed.has("transcript") || !this.atEnd || this.over) return;
    lines.scrollTop = lines.scrollHeight;
  }

  private transcriptLines(): Element | null {
    return this.renderRoot.querySelector(".transcript");
  }

  override render(): TemplateResult {
    const { row } = this;
    if (!row)
      return html`${this.fields()}${this.question()}
        ${this.open ? nothing : html`<p class="dim">Select a task to see what it was asked, what it did and what it cost.</p>`}`;
    const texts = this.longTexts();
    return html`
      <h2>${printableLine(row.title)}</h2>
      <div class="line">
        <span class="word">${statusIcon(row.status)}<span>${row.word}</span></span>
        <span class="dim code path">${printableLine(row.id)}</span>
      </div>
      ${this.fields()} ${this.question()} ${this.failure(row)}
      ${row.detail === undefined || row.status === "failed" ? nothing : html`<div class="dim now">${printableLine(row.detail)}</div>`}
      ${row.status === "failed" ? nothing : nextMoves(row, this.locked)}
      ${taskNumbers({ row, record: this.record, agents: this.agents, facts: this.facts, now: this.now })}
      ${section("Input", texts.input)} ${section("Result", texts.result)} ${this.files()}
      ${this.transcriptPart(row)}
    `;
  }

  /** Long texts are made ready once, not at every beat of the clock. */
  private longTexts(): { readonly input: string; readonly result: string } {
    const { facts } = this;
    if (!facts) return { input: "", result: "" };
    if (this.texts?.facts !== facts)
      this.texts = {
        facts,
        input: cut(facts.request ? requestText(facts.request) : ""),
        result: cut(textOf(facts.result)),
      };
    return this.texts;
  }

  private question(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    return html`<fermata-answer .open=${this.open} .now=${this.now} .locked=${this.locked}></fermata-answer>`;
  }

  private failure(row: TaskRow): TemplateResult | typeof nothing {
    const failure = this.facts?.failure ?? this.record?.failure;
    if (!failure || row.status !== "failed") return nothing;
    const elsewhere =
      failure.path !== undefined && failure.path !== taskOf(row) ? failure.path : undefined;
    return html`<div class="failure" role="group" aria-label="Failure">
      <p>${cut(printable(failure.message))}</p>
      ${
        elsewhere === undefined
          ? nothing
          : html`<div class="line">
            began in <button class="link code" @click=${() => this.choose(elsewhere)}>${printableLine(elsewhere)}</button>
          </div>`
      }
      ${nextMoves(row, this.locked)}
      ${
        failure.detail === undefined
          ? nothing
          : html`<details>
            <summary>Evidence</summary>
            <pre tabindex="0" aria-label="Evidence">${cut(printable(JSON.stringify(failure.detail, null, 2)))}</pre>
          </details>`
      }
    </div>`;
  }

  private files(): TemplateResult | typeof nothing {
    const files = this.facts?.filesChanged ?? [];
    if (files.length === 0) return nothing;
    return html`<h3>Files changed (${files.length})</h3>
      ${files.map(
        (file) => html`<div>
          <button class="link" title="Open the changes" @click=${() => send({ type: "openFile", file })}>${printableLine(file)}</button>
        </div>`,
      )}`;
  }

  private transcriptPart(row: TaskRow): TemplateResult | typeof nothing {
    const { transcript } = this;
    if (!transcript || transcript.path !== taskOf(row) || transcript.total === 0) return nothing;
    const { from, total, lines } = transcript;
    const page = (start: number) => () =>
      send({ type: "transcript", path: taskOf(row), from: Math.max(0, start), follow: false });
    const last = from + lines.length >= total;
    return html`<h3>Transcript${last && row.status === "running" ? " (live)" : ""}</h3>
      <pre class="transcript" tabindex="0" aria-label="Transcript">${lines.map(({ text }) => `${cut(printable(text))}\n`)}</pre>
      <div class="line">
        <span class="dim">lines ${from + 1} to ${from + lines.length} of ${total}</span>
        ${from > 0 ? html`<button class="link" @click=${page(from - TRANSCRIPT_PAGE)}>Earlier</button>` : nothing}
        ${last ? nothing : html`<button class="link" @click=${page(from + TRANSCRIPT_PAGE)}>Later</button>`}
      </div>`;
  }

  private fields(): TemplateResult | typeof nothing {
    if (!isObject(this.state) || Object.keys(this.state).length === 0) return nothing;
    const turned = ({ target }: Event) => {
      if (!(target instanceof HTMLDetailsElement) || target.open === this.stateOpen) return;
      this.dispatchEvent(new CustomEvent("state", { detail: target.open }));
    };
    return html`<details class="fact state" .open=${this.stateOpen} @toggle=${turned}>
      <summary>State at this moment</summary>
      ${this.stateOpen ? stateTable(this.state) : nothing}
    </details>`;
  }

  private choose(path: string): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: path }));
  }
}

function stateTable(state: Readonly<Record<string, Json>>): TemplateResult {
  return html`<div class="inside">
    ${Object.entries(state).map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
      const short = text.length <= 60 && !text.includes("\n");
      return short
        ? html`<div class="line"><span class="name">${printableLine(name)}</span><span class="code value">${printable(text)}</span></div>`
        : html`<div class="name">${printableLine(name)}</div>
            <pre tabindex="0" aria-label=${printableLine(name)}>${cut(printable(text))}</pre>`;
    })}
  </div>`;
}

function section(title: string, text: string): TemplateResult | typeof nothing {
  if (text === "") return nothing;
  return html`<h3>${title}</h3>
    <pre tabindex="0" aria-label=${title}>${text}</pre>`;
}

/** What a pane can hold; the whole is in the transcript, the export and the run as text. */
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 20_000;

/** Who is so near to the end of a text stands at it, in px. */
const NEAR = 8;

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (isObject(value) && typeof value.response === "string")
    return printable(value.response.slice(0, 2 * LONGEST));
  return printable(
    typeof value === "string" ? value : JSON.stringify(value, null, 2).slice(0, 2 * LONGEST),
  );
}

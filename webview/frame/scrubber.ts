/**
 * The moment of the run that is looked at: a slider over its events, steps, and what happened there.
 * Owns the controls only; what a moment is belongs to the model.
 */
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { SHARED } from "../styles.ts";
import { tool } from "./tool.ts";

export class Scrubber extends LitElement {
  static override properties = {
    shown: { type: Number },
    total: { type: Number },
    live: { type: Boolean },
    /** The time of the moment since the run began, for people. */
    time: {},
    /** What the event at that moment says. */
    event: {},
    opened: { type: Boolean },
  };
  static override styles = [
    SHARED,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 4px;
        min-height: 28px;
        padding: 2px 12px;
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
      }
      input {
        flex: 1 1 80px;
        min-width: 60px;
        margin: 0 4px;
        accent-color: var(--vscode-progressBar-background);
      }
      .count,
      .event {
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
      .event {
        flex: 0 1 auto;
        max-width: 30%;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .past {
        white-space: nowrap;
        font-weight: 600;
      }
      .link {
        white-space: nowrap;
      }
    `,
  ];
  declare shown: number;
  declare total: number;
  declare live: boolean;
  declare time: string;
  declare event: string;
  declare opened: boolean;

  constructor() {
    super();
    this.shown = 0;
    this.total = 0;
    this.live = true;
    this.time = "";
    this.event = "";
    this.opened = false;
  }

  override render(): TemplateResult {
    const { shown, total, live, time, event } = this;
    const about = live ? "now" : `at ${time}`;
    return html`
      ${tool("debug-step-back", "First Event", () => this.go(1))}
      ${tool("chevron-left", "Earlier", () => this.go(shown - 1))}
      <input
        type="range"
        min="1"
        max=${total}
        .value=${String(shown)}
        aria-label="Moment of the run, by events"
        aria-valuetext="event ${shown} of ${total}, ${about}"
        @input=${({ target }: Event) => target instanceof HTMLInputElement && this.go(Number(target.value))}
      />
      ${tool("chevron-right", "Later", () => this.go(shown + 1))}
      ${tool("debug-step-over", "Now", () => this.go(Number.POSITIVE_INFINITY))}
      <span class="dim count">event ${shown} of ${total}</span>
      ${live ? html`<span class="dim">now</span>` : html`<span class="past">${about}</span>`}
      ${live || event === "" ? nothing : html`<span class="dim event" title=${event}>${event}</span>`}
      <button
        class="link"
        aria-expanded=${this.opened}
        @click=${() => this.dispatchEvent(new CustomEvent("open-state"))}
      >
        State at this moment
      </button>
    `;
  }

  /** Past the last event is now. An event's detail cannot be undefined: it would arrive as null. */
  private go(count: number): void {
    this.dispatchEvent(new CustomEvent("look", { detail: count }));
  }
}

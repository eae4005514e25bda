/**
 * The card beside what is pointed at or in focus. Owns when it shows, and where: never under the pointer, never beyond
 * the edge. Escape takes it away; it holds nothing that can be pressed.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { TaskCard } from "../../src/views/runPage/taskCard.ts";
import { statusIcon } from "../statusIcon.ts";
import { SHARED, STATUS } from "../styles.ts";

/** Where something is that a card belongs to, in the page's pixels. */
export interface Place {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** A wish for a card, from a part of the page; without `id` the card goes. */
export interface Hint {
  readonly id?: string;
  readonly place?: Place;
  /** By keyboard: it takes longer, so that moving on is not disturbed. */
  readonly focus?: boolean;
}

const POINTED = 400;
const FOCUSED = 900;
const GAP = 4;

export class HoverCard extends LitElement {
  static override properties = { card: { state: true } };
  static override styles = [
    SHARED,
    STATUS,
    css`
      :host {
        position: fixed;
        z-index: 10;
        display: none;
        box-sizing: border-box;
        max-width: 340px;
        padding: 6px 10px;
        pointer-events: none;
        color: var(--vscode-editorHoverWidget-foreground);
        background: var(--vscode-editorHoverWidget-background);
        border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
        border-radius: 3px;
        overflow: hidden;
      }
      :host([shown]) {
        display: block;
      }
      .line {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .title {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 1px 10px;
        margin: 4px 0 0;
      }
      dd {
        margin: 0;
      }
      p {
        margin: 4px 0 0;
        overflow-wrap: anywhere;
      }
    `,
  ];
  declare card: TaskCard | undefined;
  /** What a wish for an id comes to; undefined for what is not there any more. */
  read: (id: string) => TaskCard | undefined = () => undefined;
  private wanted = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "tooltip");
    this.setAttribute("aria-live", "polite");
  }

  /** Takes a wish. What is wished for already is left as it is. */
  wish({ id, place, focus = false }: Hint): void {
    if (id === undefined || !place) {
      this.leave();
      return;
    }
    if (id === this.wanted) return;
    this.leave();
    this.wanted = id;
    this.timer = setTimeout(() => this.show(id, place), focus ? FOCUSED : POINTED);
  }

  /** True when a card was there to be taken away. */
  leave(): boolean {
    clearTimeout(this.timer);
    this.wanted = "";
    const shown = this.hasAttribute("shown");
    this.removeAttribute("shown");
    return shown;
  }

  /** The run has gone on: what is shown is read anew. */
  refresh(): void {
    if (!this.hasAttribute("shown")) return;
    const card = this.read(this.wanted);
    if (card) this.card = card;
    else this.leave();
  }

  override render(): TemplateResult | typeof nothing {
    const { card } = this;
    if (!card) return nothing;
    return html`
      <div class="line">
        ${statusIcon(card.status)}<span class="title">${card.title}</span><span class="dim">${card.word}</span>
      </div>
      <dl>${card.lines.map(([name, value]) => html`<dt class="dim">${name}</dt><dd>${value}</dd>`)}</dl>
      ${card.detail === "" ? nothing : html`<p class="dim">${card.detail}</p>`}
    `;
  }

  private async show(id: string, { x, top, bottom }: Place): Promise<void> {
    this.card = this.read(id);
    if (!this.card) return;
    this.setAttribute("shown", "");
    await this.updateComplete;
    const { width, height } = this.getBoundingClientRect();
    const below = bottom + GAP + height <= window.innerHeight;
    // Set one by one: the page's policy knows no inline style, but what a script sets is not one.
    this.style.left = `${Math.max(GAP, Math.min(x, window.innerWidth - width - GAP))}px`;
    this.style.top = `${below ? bottom + GAP : Math.max(GAP, top - GAP - height)}px`;
  }
}

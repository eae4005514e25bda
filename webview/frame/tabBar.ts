/** The row of tabs: one tab stop, arrow keys between them. Owns keys and looks; what a tab shows is the view's matter. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { SHARED } from "../styles.ts";

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** Said behind the label: a count. */
  readonly about?: string;
}

export class TabBar extends LitElement {
  static override properties = { tabs: { attribute: false }, chosen: {} };
  static override styles = [
    SHARED,
    css`
      :host {
        display: flex;
        gap: 4px;
      }
      button {
        font: inherit;
        color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-foreground));
        background: none;
        border: none;
        border-bottom: 1px solid transparent;
        padding: 5px 8px 4px;
        cursor: pointer;
      }
      button:hover {
        color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
      }
      button[aria-selected="true"] {
        color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
        border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
      }
      .about {
        margin-left: 5px;
        padding: 0 5px;
        border-radius: 8px;
        font-size: 0.85em;
        color: var(--vscode-badge-foreground);
        background: var(--vscode-badge-background);
      }
    `,
  ];
  declare tabs: readonly Tab[];
  declare chosen: string;

  constructor() {
    super();
    this.tabs = [];
    this.chosen = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "tablist");
  }

  override render(): TemplateResult[] {
    return this.tabs.map(({ id, label, about }) => {
      const chosen = id === this.chosen;
      return html`<button
        id="tab-${id}"
        role="tab"
        aria-selected=${chosen}
        tabindex=${chosen ? 0 : -1}
        @click=${() => this.choose(id)}
        @keydown=${this.pressed}
      >
        ${label}${about === undefined ? "" : html`<span class="about">${about}</span>`}
      </button>`;
    });
  }

  private pressed(event: KeyboardEvent): void {
    const at = this.tabs.findIndex(({ id }) => id === this.chosen);
    const last = this.tabs.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    const tab = to === undefined ? undefined : this.tabs[(to + last + 1) % (last + 1)];
    if (!tab) return;
    event.preventDefault();
    this.choose(tab.id);
    this.renderRoot.querySelector<HTMLElement>(`#tab-${tab.id}`)?.focus();
  }

  private choose(id: string): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: id }));
  }
}

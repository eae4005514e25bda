/**
 * A workflow's definition before any run: its graph, live as the file is written. Owns the arrangement of that page; the
 * graph is the one that lights up during a run.
 */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { FromDefinition, ToDefinition } from "../../src/protocol/definitionView.ts";
import { printableLine } from "../../src/views/printable.ts";
import type { BodyRef } from "../../src/workflow/workflow.ts";
import { tool } from "../frame/tool.ts";
import { rememberAs, sendTo } from "../link.ts";
import { SHARED } from "../styles.ts";

type Definition = Extract<ToDefinition, { type: "definition" }>;

export class DefinitionView extends LitElement {
  static override properties = { definition: { state: true }, selected: { state: true } };
  static override styles = [
    SHARED,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100vh;
      }
      header {
        display: flex;
        flex: none;
        gap: 8px;
        align-items: center;
        min-height: 34px;
        padding: 2px 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border));
      }
      h1 {
        font-size: 1.1em;
        flex: 0 1 auto;
        margin: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .gap {
        flex: 1;
      }
      .problem {
        color: var(--vscode-editorWarning-foreground);
        white-space: nowrap;
      }
      main {
        display: flex;
        flex: 1;
        min-height: 0;
      }
      main > * {
        flex: 1;
        min-width: 0;
      }
      .empty {
        padding: 12px;
      }
    `,
  ];
  declare definition: Definition | undefined;
  declare selected: string;
  private readonly bodyOf = ({ name }: BodyRef) => this.definition?.tasks[name];

  constructor() {
    super();
    this.selected = "";
  }

  take(message: ToDefinition): void {
    switch (message.type) {
      case "definition":
        rememberAs({ file: message.file });
        this.definition = message;
        return;
      case "selectStep":
        this.selected = message.place;
        return;
    }
  }

  override render(): TemplateResult {
    const { definition } = this;
    if (!definition) return html`<p class="dim empty">Loading the workflow...</p>`;
    const { title, steps, problems } = definition;
    return html`<header>
        <h1>${printableLine(title)}</h1>
        ${
          problems > 0
            ? html`<span class="problem" role="status">${problems === 1 ? "1 error" : `${problems} errors`} in the file</span>`
            : nothing
        }
        <span class="gap"></span>
        ${tool("play", "Run Workflow", () => tell({ type: "run" }))}
        ${tool("zoom-out", "Zoom Out", () => this.graph()?.zoom(1 / 1.5))}
        ${tool("zoom-in", "Zoom In", () => this.graph()?.zoom(1.5))}
        ${tool("screen-normal", "Fit", () => this.graph()?.fit())}
      </header>
      <main>
        ${
          steps.length === 0
            ? html`<p class="dim empty">There are no steps yet.</p>`
            : html`<fermata-graph
                .steps=${steps}
                .bodyOf=${this.bodyOf}
                .selected=${this.selected}
                @choose=${this.chosen}
              ></fermata-graph>`
        }
      </main>`;
  }

  private chosen({ detail }: CustomEvent<string>): void {
    this.selected = detail;
    tell({ type: "reveal", place: detail, focus: true });
  }

  private graph() {
    return this.renderRoot.querySelector("fermata-graph");
  }
}

function tell(message: FromDefinition): void {
  sendTo(message);
}

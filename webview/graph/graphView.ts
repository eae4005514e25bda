/**
 * The definition as a graph that lights up as the run goes; drawn before it starts too.
 * Owns the drawing and its zoom. The same selection and colours as the timeline.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { printableLine } from "../../src/views/printable.ts";
import { foremost, isOver, type StatusWord } from "../../src/views/statusWord.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";
import type { Step } from "../../src/workflow/workflow.ts";
import { SHARED, STATUS } from "../styles.ts";
import { type Arrow, type Box, definitionPlace, type Layout, layOut } from "./graphLayout.ts";

/** What the tasks of one step come to. */
interface Lit extends StatusWord {
  readonly path: string;
  readonly done: number;
  readonly total: number;
}

export class GraphView extends LitElement {
  static override properties = {
    steps: { attribute: false },
    tree: { attribute: false },
    selected: {},
    zoomed: { state: true },
  };
  static override styles = [
    SHARED,
    STATUS,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      .box rect {
        fill: var(--vscode-editorWidget-background);
        stroke: var(--vscode-widget-border, var(--vscode-foreground));
      }
      .box.outer rect {
        fill: var(--vscode-editor-background);
        stroke-dasharray: 4 3;
      }
      .box {
        cursor: pointer;
      }
      .box.lit rect {
        stroke: currentColor;
        stroke-width: 2;
      }
      .box.selected rect {
        stroke: var(--vscode-focusBorder);
        stroke-width: 3;
      }
      .box text {
        fill: var(--vscode-foreground);
        font-size: 12px;
      }
      .box text.kind {
        fill: var(--vscode-descriptionForeground);
        font-size: 10px;
      }
      path {
        fill: none;
        stroke: var(--vscode-foreground);
        opacity: 0.5;
      }
      .head {
        fill: var(--vscode-foreground);
        stroke: none;
      }
    `,
  ];
  declare steps: readonly Step[];
  declare tree: TaskRow | undefined;
  declare selected: string;
  declare zoomed: number;
  private laid: { readonly steps: readonly Step[]; readonly layout: Layout } | undefined;

  constructor() {
    super();
    this.steps = [];
    this.selected = "";
    this.zoomed = 1;
  }

  zoom(factor: number): void {
    this.zoomed = Math.min(3, Math.max(0.2, this.zoomed * factor));
  }

  fit(): void {
    const { width } = this.layout();
    this.zoomed = width === 0 ? 1 : Math.min(1.5, this.clientWidth / width);
  }

  override render(): TemplateResult {
    const { boxes, arrows, width, height } = this.layout();
    const lit = this.tree ? litSteps(this.tree) : new Map<string, Lit>();
    return html`<svg
      role="group"
      aria-label="Graph of the workflow"
      width=${width * this.zoomed}
      height=${height * this.zoomed}
      viewBox="0 0 ${width} ${height}"
    >
      <defs>
        <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path class="head" d="M0 0 L8 4 L0 8 z"></path>
        </marker>
      </defs>
      ${boxes.filter(({ outer }) => outer).map((each) => this.box(each, lit))}
      ${arrows.map(arrow)} ${boxes.filter(({ outer }) => !outer).map((each) => this.box(each, lit))}
    </svg>`;
  }

  private box(box: Box, all: ReadonlyMap<string, Lit>): unknown {
    const lit = all.get(box.id);
    const selected = this.selected !== "" && definitionPlace(this.selected) === box.id;
    const count = lit && lit.total > 1 ? ` ${lit.done}/${lit.total}` : "";
    const word = lit ? `${lit.word}${count}` : "Queued";
    const choose = () => this.choose(lit?.path ?? box.id);
    const y = box.outer ? box.y - 4 : box.y + 18;
    return svg`<g
      class="box ${box.outer ? "outer" : ""} ${lit ? `lit ${lit.status}` : "queued"} ${selected ? "selected" : ""}"
      role="button" tabindex="0" aria-label="${printableLine(box.title)}, ${box.kind}, ${word}"
      @click=${choose}
      @keydown=${(event: KeyboardEvent) => (event.key === "Enter" || event.key === " ") && choose()}
    >
      <rect x=${box.x} y=${box.y} width=${box.width} height=${box.height} rx="4"></rect>
      <text x=${box.x + 8} y=${y}>${shortened(printableLine(box.title), box.width)}</text>
      ${box.outer ? nothing : svg`<text class="kind" x=${box.x + 8} y=${box.y + 32}>${box.kind} · ${word}</text>`}
      <title>${printableLine(box.title)} - ${word}</title>
    </g>`;
  }

  private choose(path: string): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: path, bubbles: true }));
  }

  private layout(): Layout {
    if (this.laid?.steps !== this.steps) {
      this.laid = { steps: this.steps, layout: layOut(this.steps) };
    }
    return this.laid.layout;
  }
}

function arrow({ points }: Arrow): unknown {
  const [first, ...rest] = points;
  if (!first) return nothing;
  const line = rest.map(({ x, y }) => `L${x} ${y}`).join(" ");
  return svg`<path marker-end="url(#head)" d="M${first.x} ${first.y} ${line}"></path>`;
}

function shortened(text: string, width: number): string {
  const most = Math.floor((width - 16) / 6.6);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** What has begun, by its place in the definition. */
function litSteps(tree: TaskRow): ReadonlyMap<string, Lit> {
  const found = new Map<string, TaskRow[]>();
  const walk = (row: TaskRow): void => {
    if (!row.dimmed && row.kind !== "run" && row.kind !== "phase" && row.kind !== "item") {
      const place = definitionPlace(row.id);
      found.set(place, [...(found.get(place) ?? []), row]);
    }
    row.children.forEach(walk);
  };
  walk(tree);
  return new Map([...found].map(([place, rows]) => [place, litBy(rows)] as const));
}

function litBy(rows: readonly TaskRow[]): Lit {
  const last = rows.at(-1);
  const word = foremost(rows) ?? last ?? { status: "queued" as const, word: "Queued" };
  const chosen = rows.find(({ status }) => status === word.status) ?? last;
  return {
    status: word.status,
    word: word.word,
    path: chosen?.id ?? "",
    done: rows.filter(({ status }) => isOver(status)).length,
    total: rows.length,
  };
}

/**
 * The definition as a graph that lights up as the run goes; drawn before it starts too.
 * Owns the drawing, its zoom and its keys. The same selection and colours as the timeline.
 */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { printableLine } from "../../src/views/printable.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";
import type { Step } from "../../src/workflow/workflow.ts";
import type { Hint } from "../frame/hoverCard.ts";
import { SHARED, STATUS } from "../styles.ts";
import {
  type Arrow,
  type BodyOf,
  type Box,
  definitionPlace,
  type Layout,
  layOut,
} from "./graphLayout.ts";
import { GRAPH } from "./graphStyles.ts";
import { type Lit, litSteps } from "./litSteps.ts";

export class GraphView extends LitElement {
  static override properties = {
    steps: { attribute: false },
    bodyOf: { attribute: false },
    tree: { attribute: false },
    selected: {},
    zoomed: { state: true },
    at: { state: true },
  };
  static override styles = [SHARED, STATUS, GRAPH];
  declare steps: readonly Step[];
  declare bodyOf: BodyOf;
  /** The run's rows; undefined for a definition alone. */
  declare tree: TaskRow | undefined;
  declare selected: string;
  declare zoomed: number;
  /** The box that the keyboard stands on. */
  declare at: string;
  private laid: { readonly steps: readonly Step[]; readonly layout: Layout } | undefined;

  constructor() {
    super();
    this.steps = [];
    this.bodyOf = () => undefined;
    this.selected = "";
    this.zoomed = 1;
    this.at = "";
  }

  zoom(factor: number): void {
    this.zoomed = Math.min(3, Math.max(0.2, this.zoomed * factor));
  }

  fit(): void {
    const { width, height } = this.layout();
    const most = Math.min(this.clientWidth / width, this.clientHeight / height);
    this.zoomed = width === 0 ? 1 : Math.min(1.5, Math.max(0.2, most));
  }

  override render(): TemplateResult {
    const { boxes, arrows, width, height } = this.layout();
    const lit = this.tree ? litSteps(this.tree) : new Map<string, Lit>();
    const stop = this.tabStop(boxes);
    const draw = (box: Box) => this.box(box, lit, stop);
    return html`<svg
      role="group"
      aria-label="Graph of the workflow"
      width=${width * this.zoomed}
      height=${height * this.zoomed}
      viewBox="0 0 ${width} ${height}"
      @keydown=${this.pressed}
      @wheel=${this.wheeled}
    >
      <defs>
        <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path class="head" d="M0 0 L8 4 L0 8 z"></path>
        </marker>
      </defs>
      ${boxes.filter(({ outer }) => outer).map(draw)} ${arrows.map(arrow)}
      ${boxes.filter(({ outer }) => !outer).map(draw)}
    </svg>`;
  }

  private box(box: Box, all: ReadonlyMap<string, Lit>, stop: string): unknown {
    const lit = all.get(box.id);
    const selected = this.isSelected(box);
    const count = lit && lit.total > 1 ? ` ${lit.done}/${lit.total}` : "";
    const word = this.tree === undefined ? "" : lit ? `${lit.word}${count}` : "Queued";
    const about = [box.kind, word].filter((part) => part !== "");
    const title = printableLine(box.title);
    const choose = () => this.choose(lit?.path ?? box.id);
    const y = box.outer ? box.y - 4 : box.y + 18;
    const shown = box.outer ? [title, ...about].join(" · ") : title;
    return svg`<g
      class="box ${box.outer ? "outer" : ""} ${lit ? `lit ${lit.status}` : "queued"} ${this.tree ? "within" : ""} ${selected ? "selected" : ""}"
      role="button" tabindex=${box.id === stop ? 0 : -1} data-box=${box.id} aria-pressed=${selected}
      aria-label="${[title, ...about].join(", ")}"
      @click=${choose}
      @focus=${(event: FocusEvent) => this.hint(lit, event, true)}
      @blur=${() => this.hint()}
      @pointerenter=${(event: PointerEvent) => this.hint(lit, event)}
      @pointerleave=${() => this.hint()}
    >
      <rect x=${box.x} y=${box.y} width=${box.width} height=${box.height} rx="4"></rect>
      <rect class="focus" x=${box.x - 3} y=${box.y - 3} width=${box.width + 6} height=${box.height + 6} rx="6"></rect>
      <text x=${box.x + 8} y=${y}>${shortened(shown, box.width)}</text>
      ${box.outer ? nothing : svg`<text class="kind" x=${box.x + 8} y=${box.y + 32}>${about.join(" · ")}</text>`}
      ${lit ? nothing : svg`<title>${[title, ...about].join(" - ")}</title>`}
    </g>`;
  }

  private isSelected({ id }: Box): boolean {
    return this.selected !== "" && definitionPlace(this.selected) === id;
  }

  /** The one box that the tab key reaches. */
  private tabStop(boxes: readonly Box[]): string {
    const known = boxes.some(({ id }) => id === this.at);
    if (known) return this.at;
    return (boxes.find((box) => this.isSelected(box)) ?? readingOrder(boxes)[0])?.id ?? "";
  }

  private pressed(event: KeyboardEvent): void {
    const boxes = readingOrder(this.layout().boxes);
    const at = boxes.findIndex(({ id }) => id === this.tabStop(boxes));
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const ends = { Home: 0, End: boxes.length - 1 }[event.key];
    const to = step === undefined ? ends : Math.min(boxes.length - 1, Math.max(0, at + step));
    const target = event.target instanceof Element ? event.target.closest(".box") : null;
    if (to !== undefined) void this.goTo(boxes[to]?.id ?? "");
    else if ((event.key === "Enter" || event.key === " ") && target)
      target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.fit();
    else if (event.key === "Escape") this.hint();
    else return;
    event.preventDefault();
  }

  private async goTo(id: string): Promise<void> {
    this.at = id;
    await this.updateComplete;
    this.renderRoot.querySelector<SVGElement>(`[data-box="${CSS.escape(id)}"]`)?.focus();
  }

  private wheeled(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.15 : 0.87);
  }

  private choose(path: string): void {
    this.at = definitionPlace(path);
    this.dispatchEvent(new CustomEvent("choose", { detail: path, bubbles: true }));
  }

  private hint(lit?: Lit, event?: FocusEvent | PointerEvent, focus = false): void {
    const box = event?.currentTarget instanceof Element ? event.currentTarget : undefined;
    const { left = 0, top = 0, bottom = 0 } = box?.getBoundingClientRect() ?? {};
    const detail: Hint = lit && box ? { id: lit.path, place: { x: left, top, bottom }, focus } : {};
    this.dispatchEvent(new CustomEvent<Hint>("hint", { detail, bubbles: true }));
  }

  private layout(): Layout {
    if (this.laid?.steps !== this.steps)
      this.laid = { steps: this.steps, layout: layOut(this.steps, this.bodyOf) };
    return this.laid.layout;
  }
}

function readingOrder(boxes: readonly Box[]): readonly Box[] {
  return [...boxes].sort((a, b) => a.y - b.y || a.x - b.x);
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

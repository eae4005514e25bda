/**
 * The timeline: a row a task, its time as bars. Owns scrolling, zooming, and which rows are drawn.
 * Bars are SVG with attributes only, since the page's policy forbids inline styles.
 */
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { formatElapsed } from "../../src/views/duration.ts";
import { printableLine } from "../../src/views/printable.ts";
import type { FlatRow } from "../../src/views/runPage/flatRows.ts";
import { type Segment, segmentsOf } from "../../src/views/runPage/timeline.ts";
import type { Hint } from "../frame/hoverCard.ts";
import type { Picture } from "../runModel.ts";
import { statusIcon } from "../statusIcon.ts";
import { SHARED, STATUS } from "../styles.ts";
import { endedWith, foldedSegments } from "./foldedSegments.ts";
import { TIMELINE } from "./timelineStyles.ts";
import { fitted, fittedGrowing, panned, type TimeScale, ticks, xOf, zoomed } from "./timeScale.ts";

export const ROW = 24;
/** Rows drawn beyond the edges, so that a quick scroll shows no gap. */
const MARGIN = 12;

export class TimelineView extends LitElement {
  static override properties = {
    picture: { attribute: false },
    selected: {},
    now: { type: Number },
    critical: { attribute: false },
    scale: { state: true },
    top: { state: true },
    size: { state: true },
  };
  static override styles = [SHARED, STATUS, TIMELINE];
  declare picture: Picture | undefined;
  declare selected: string;
  declare now: number;
  declare critical: ReadonlySet<string>;
  /** Undefined: everything fits. */
  declare scale: TimeScale | undefined;
  declare top: number;
  declare size: { width: number; height: number };
  private readonly observer = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    this.selected = "";
    this.now = 0;
    this.critical = new Set();
    this.top = 0;
    this.size = { width: 600, height: 400 };
  }

  /** Shows all of the run again. */
  fit(): void {
    this.scale = undefined;
  }

  zoom(factor: number): void {
    const scale = this.current();
    if (scale) this.scale = zoomed(scale, factor, scale.width / 2);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.updateComplete.then(() => {
      const canvas = this.renderRoot.querySelector(".scroll");
      if (canvas) this.observer.observe(canvas);
    });
  }

  override disconnectedCallback(): void {
    this.observer.disconnect();
    super.disconnectedCallback();
  }

  override render(): TemplateResult | typeof nothing {
    const { picture } = this;
    const scale = this.current();
    if (!picture || !scale) return nothing;
    const { rows } = picture;
    const first = Math.max(0, Math.floor(this.top / ROW) - MARGIN);
    const last = Math.min(rows.length, Math.ceil((this.top + this.size.height) / ROW) + MARGIN);
    const drawn = rows.slice(first, last);
    const height = rows.length * ROW;
    return html`
      <div class="axis"><div class="corner"></div>${axis(scale, picture.timeline.from)}</div>
      <div class="scroll" @scroll=${this.scrolled} @wheel=${this.wheeled}>
        <div
          class="labels"
          role="tree"
          aria-label="Tasks"
          tabindex="0"
          aria-activedescendant=${drawn.some(({ row }) => row.id === this.selected) ? rowId(this.selected) : nothing}
          @keydown=${this.pressed}
          @focus=${this.focused}
          @blur=${() => this.hint()}
        >
          <svg class="space" width="1" height=${first * ROW}></svg>
          ${drawn.map((row) => this.label(row))}
          <svg class="space" width="1" height=${(rows.length - last) * ROW}></svg>
        </div>
        <svg
          class="bars"
          width=${scale.width}
          height=${height}
          aria-hidden="true"
          @pointerdown=${this.grabbed}
        >
          ${HATCH} ${bands(rows, scale, this.end())}
          ${drawn.map((row, index) => this.bars(row, first + index, scale))}
          ${ticks(scale, picture.timeline.from).map(
            ({ x }) => svg`<line class="grid" x1=${x} x2=${x} y1="0" y2=${height}></line>`,
          )}
          ${picture.live ? nowLine(scale, this.end(), height) : nothing}
        </svg>
      </div>
    `;
  }

  private label({ row, depth, folded }: FlatRow): TemplateResult {
    const selected = row.id === this.selected;
    const opens = row.children.length > 0;
    const about = aboutRow(row.progress, row.startedAt, row.endedAt, this.end());
    return html`<div
      id=${rowId(row.id)}
      class="label ${row.dimmed ? "dim" : ""} ${selected ? "selected" : ""}"
      role="treeitem"
      aria-level=${depth + 1}
      aria-selected=${selected}
      aria-expanded=${opens ? String(!folded) : nothing}
      aria-label="${printableLine(row.title)} ${about}, ${row.word}"
      @click=${() => this.tell("choose", row.id)}
      @pointerenter=${(event: PointerEvent) => this.hint(row.id, event)}
      @pointerleave=${() => this.hint()}
      @dblclick=${() => opens && this.tell("toggle", row.id)}
    >
      <svg class="indent" width=${depth * 12} height="1"></svg>
      <span
        class="twist"
        @click=${(event: Event) => {
          if (!opens) return;
          event.stopPropagation();
          this.tell("toggle", row.id);
        }}
        >${opens ? html`<vscode-icon name=${folded ? "chevron-right" : "chevron-down"} aria-hidden="true"></vscode-icon>` : nothing}</span
      >
      ${statusIcon(row.status)}
      <span class="title">${printableLine(row.title)}</span>
      <span class="dim about">${about}</span>
    </div>`;
  }

  private bars({ row, folded }: FlatRow, index: number, scale: TimeScale): unknown {
    const y = index * ROW;
    const all = this.picture?.timeline.segments ?? new Map<string, readonly Segment[]>();
    const known = segmentsOf(row, all) ?? phaseSegment(row.startedAt, row.endedAt);
    const own = known.map((segment) => endedWith(segment, row.endedAt));
    const shown = folded ? [...own, ...foldedSegments(row, all, scale, this.end())] : own;
    const selected = row.id === this.selected;
    return svg`<g
      class=${`row ${selected ? "selected" : ""}`}
      @click=${() => this.tell("choose", row.id)}
      @pointerenter=${(event: PointerEvent) => this.hint(row.id, event)}
      @pointerleave=${() => this.hint()}
    >
      <rect class="hit" x="0" y=${y} width=${scale.width} height=${ROW}></rect>
      ${shown.map((segment) => bar(segment, y, scale, this.end(), this.critical.has(row.id)))}
    </g>`;
  }

  /** Asks for the card of a row that is pointed at; without one, for none. */
  private hint(id?: string, event?: PointerEvent): void {
    if (id === undefined || !event || !(event.currentTarget instanceof Element)) {
      this.dispatchEvent(new CustomEvent<Hint>("hint", { detail: {}, bubbles: true }));
      return;
    }
    const { top, bottom } = event.currentTarget.getBoundingClientRect();
    const place = { x: event.clientX + 12, top, bottom };
    this.dispatchEvent(new CustomEvent<Hint>("hint", { detail: { id, place }, bubbles: true }));
  }

  /** The card of the row that the keyboard came to. */
  private hintChosen(id: string): void {
    const label = this.renderRoot.querySelector(`#${CSS.escape(rowId(id))}`);
    const box = label?.getBoundingClientRect();
    const place = box && { x: box.left + 40, top: box.top, bottom: box.bottom };
    const detail: Hint = place ? { id, place, focus: true } : {};
    this.dispatchEvent(new CustomEvent<Hint>("hint", { detail, bubbles: true }));
  }

  /** The right end of what goes on: now, or the last event of the moment that is looked at. */
  private end(): number {
    const { picture } = this;
    if (!picture) return 0;
    const { to } = picture.timeline;
    return picture.live && picture.state.ended_at === undefined ? Math.max(to, this.now) : to;
  }

  private current(): TimeScale | undefined {
    const { picture, size } = this;
    if (!picture) return undefined;
    const width = Math.max(100, size.width);
    if (this.scale) return { ...this.scale, width };
    const goesOn = picture.live && picture.state.ended_at === undefined;
    return (goesOn ? fittedGrowing : fitted)(picture.timeline.from, this.end(), width);
  }

  private measure(): void {
    const scroll = this.renderRoot.querySelector(".scroll");
    const labels = this.renderRoot.querySelector(".labels");
    if (!scroll || !labels) return;
    const width = scroll.clientWidth - labels.clientWidth;
    this.size = { width, height: scroll.clientHeight };
  }

  private scrolled({ target }: Event): void {
    if (target instanceof Element) this.top = target.scrollTop;
  }

  private wheeled(event: WheelEvent): void {
    const scale = this.current();
    if (!scale) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.scale = zoomed(scale, event.deltaY < 0 ? 1.25 : 0.8, Math.max(0, event.offsetX));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.scale = panned(scale, event.deltaX || event.deltaY);
    }
  }

  /** Dragging the bars sideways pans. */
  private grabbed(event: PointerEvent): void {
    const { currentTarget: canvas } = event;
    let before = event.clientX;
    if (!(canvas instanceof SVGElement)) return;
    const move = ({ clientX }: PointerEvent) => {
      const scale = this.current();
      if (scale && clientX !== before) this.scale = panned(scale, before - clientX);
      before = clientX;
    };
    const stop = new AbortController();
    window.addEventListener("pointermove", move, { signal: stop.signal });
    window.addEventListener("pointerup", () => stop.abort(), { once: true });
  }

  private pressed(event: KeyboardEvent): void {
    const rows = this.picture?.rows ?? [];
    const at = rows.findIndex(({ row }) => row.id === this.selected);
    const here = rows[at];
    const to = KEYS[event.key]?.(at, rows);
    if (to !== undefined) {
      const target = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (target) this.choose(target.row.id);
    } else if (event.key === "ArrowRight" && here?.folded) this.tell("toggle", here.row.id);
    else if (event.key === "ArrowLeft" && here && here.row.children.length > 0 && !here.folded)
      this.tell("toggle", here.row.id);
    else if (event.key === "ArrowLeft" && here && here.parent >= 0)
      this.choose(rows[here.parent]?.row.id ?? "");
    else if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "0") this.fit();
    else if (event.key === "Escape") this.hint();
    else return;
    event.preventDefault();
  }

  /** Whoever comes by keyboard stands on a row. */
  private focused(): void {
    const first = this.picture?.rows[0];
    const known = this.picture?.rows.some(({ row }) => row.id === this.selected);
    if (!known && first) this.tell("choose", first.row.id);
  }

  /** What was selected elsewhere comes into sight. */
  override updated(changed: Map<string, unknown>): void {
    if (changed.has("selected")) this.bringIntoSight(this.selected);
  }

  private choose(id: string): void {
    // At once: the next key may come before the next picture.
    this.selected = id;
    this.tell("choose", id);
    this.bringIntoSight(id);
    void this.updateComplete.then(() => this.hintChosen(id));
  }

  private bringIntoSight(id: string): void {
    const at = this.picture?.rows.findIndex(({ row }) => row.id === id) ?? -1;
    const scroll = this.renderRoot.querySelector(".scroll");
    if (at < 0 || !scroll) return;
    const y = at * ROW;
    if (y < scroll.scrollTop) scroll.scrollTop = y;
    else if (y + ROW > scroll.scrollTop + scroll.clientHeight)
      scroll.scrollTop = y + ROW - scroll.clientHeight;
  }

  private tell(what: "choose" | "toggle", id: string): void {
    this.dispatchEvent(new CustomEvent(what, { detail: id, bubbles: true }));
  }
}

const KEYS: Readonly<Record<string, (at: number, rows: readonly FlatRow[]) => number | undefined>> =
  {
    ArrowDown: (at) => at + 1,
    ArrowUp: (at) => at - 1,
    Home: () => 0,
    End: (_, rows) => rows.length - 1,
    PageDown: (at) => at + 10,
    PageUp: (at) => at - 10,
  };

function rowId(path: string): string {
  return `row-${path}`;
}

function aboutRow(
  progress: FlatRow["row"]["progress"],
  startedAt: number | undefined,
  endedAt: number | undefined,
  end: number,
): string {
  const time = startedAt === undefined ? "" : formatElapsed((endedAt ?? end) - startedAt);
  const count = progress ? `${progress.done}/${progress.total}` : "";
  return [count, time].filter((part) => part !== "").join(" · ");
}

function phaseSegment(from: number | undefined, to: number | undefined): readonly Segment[] {
  if (from === undefined) return [];
  return [{ kind: "open", from, ...(to === undefined ? {} : { to }) }];
}

function axis(scale: TimeScale, origin: number): TemplateResult {
  return html`<svg class="ticks" width=${scale.width} height="22" aria-hidden="true">
    ${ticks(scale, origin).map(({ x, label }) => svg`<text x=${x + 3} y="15">${label}</text>`)}
  </svg>`;
}

/** The bars of waiting are hatched: colour alone carries no meaning. */
const HATCH = svg`<defs>
  <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="hatch-ground" width="6" height="6"></rect>
    <line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line>
  </pattern>
</defs>`;

function bar(
  { kind, from, to, attempt }: Segment,
  y: number,
  scale: TimeScale,
  end: number,
  critical: boolean,
): unknown {
  const x = xOf(scale, from);
  const width = Math.max(2, xOf(scale, to ?? end) - x);
  if (x > scale.width || x + width < 0) return nothing;
  const [top, height] = THIN.has(kind) ? [y + 10, 4] : [y + 5, 14];
  const mark = (attempt ?? 1) > 1 && kind !== "retrying";
  return svg`<rect class=${`bar ${kind} ${critical && kind !== "open" ? "critical" : ""}`} x=${x} y=${top} width=${width} height=${height} rx="2"></rect>
    ${mark ? svg`<text class="mark" x=${x + 3} y=${y + 16}>${attempt}</text>` : nothing}`;
}

const THIN: ReadonlySet<string> = new Set(["queued", "open", "retrying", "paused"]);

/** A phase's rows lie on a band of their time. */
function bands(rows: readonly FlatRow[], scale: TimeScale, end: number): readonly unknown[] {
  const phases = rows.flatMap(({ row, folded }, index) =>
    row.kind === "phase" && row.startedAt !== undefined ? [{ row, folded, index }] : [],
  );
  return phases.map(({ row, folded, index }) => {
    const next = rows.findIndex(({ depth }, at) => at > index && depth === 0);
    const last = folded ? index + 1 : next < 0 ? rows.length : next;
    const x = xOf(scale, row.startedAt ?? 0);
    const width = Math.max(1, xOf(scale, row.endedAt ?? end) - x);
    return svg`<rect class="band" x=${x} y=${index * ROW} width=${width} height=${(last - index) * ROW}></rect>`;
  });
}

function nowLine(scale: TimeScale, now: number, height: number): unknown {
  const x = xOf(scale, now);
  return svg`<line class="now" x1=${x} x2=${x} y1="0" y2=${height}></line>`;
}

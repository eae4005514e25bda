/**
 * The run view as a whole: the head with the run's state and its buttons, timeline or graph, the selected task, and
 * the scrubber. Owns the arrangement and the clock; what is drawn comes from the model.
 */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Steering, ToView } from "../src/protocol/runView.ts";
import { criticalMarks, runMetrics } from "../src/report/metrics.ts";
import { isFinished } from "../src/run/state.ts";
import { formatElapsed } from "../src/views/duration.ts";
import { printableLine } from "../src/views/printable.ts";
import { formatCost, formatTokens } from "../src/views/usage.ts";
import type { GraphView } from "./graph/graphView.ts";
import { remember, send } from "./link.ts";
import { type Picture, RunModel } from "./runModel.ts";
import { RUN_VIEW } from "./runViewStyles.ts";
import { statusIcon } from "./statusIcon.ts";
import { SHARED, STATUS } from "./styles.ts";
import { taskFacts } from "./task/taskFacts.ts";
import type { TimelineView } from "./timeline/timelineView.ts";

type Tab = "timeline" | "graph";

/** How often what runs is drawn anew, in ms. */
const TICK = 500;
/** How often the critical path of a run that goes on is worked out, in ms. */
const MARK = 2000;

export class RunView extends LitElement {
  static override properties = { tab: { state: true }, drawn: { state: true } };
  static override styles = [SHARED, STATUS, RUN_VIEW];
  declare tab: Tab;
  /** Counts the pictures; a change draws the next one. */
  declare drawn: number;
  private readonly model = new RunModel(() => this.redraw());
  private marked = { key: "", at: 0, paths: new Set<string>() as ReadonlySet<string> };
  private waiting = 0;
  private clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.tab = "timeline";
    this.drawn = 0;
  }

  take(message: ToView): void {
    if (message.type === "snapshot") remember(message.run);
    this.model.take(message);
    if (message.type === "refused") this.answerForm()?.again();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = setInterval(() => this.tick(), TICK);
  }

  override disconnectedCallback(): void {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const picture = this.model.picture();
    if (!picture) return html`<p class="dim">${this.model.problem || "Loading the run..."}</p>`;
    const row = this.model.rowOf(picture.tree, this.model.selected);
    return html`
      ${this.head(picture)}
      ${this.model.problem === "" ? nothing : html`<div class="problem" role="alert">${printableLine(this.model.problem)}</div>`}
      <div class="middle">
        <div class="main">${this.tab === "timeline" ? this.timeline(picture) : this.graph(picture)}</div>
        ${this.side(picture, row)}
      </div>
      ${this.scrubber(picture)}
    `;
  }

  private head({ tree, state, run, driving }: Picture): TemplateResult {
    const took = formatElapsed((state.ended_at ?? this.model.now()) - state.started_at);
    return html`<header>
      <div class="line">
        <h2>${printableLine(tree.title)}</h2>
        <span class="dim code">${run}</span>
        ${statusIcon(tree.status)}<span>${tree.word}</span>
        <span class="dim">${took}</span>${speedUp(state)}
        ${state.tokens > 0 ? html`<span class="dim">${formatTokens(state.tokens)}</span>` : nothing}
        ${state.cost_usd > 0 ? html`<span class="dim">${formatCost(state.cost_usd)}</span>` : nothing}
        <span class="gap"></span>
        ${driving.locked === undefined ? this.steering(state.status) : html`<span class="dim">${driving.locked}</span>`}
        ${tool("list-tree", "Open Run as Text", () => send({ type: "openText" }))}
      </div>
      <div class="line" role="tablist">
        ${this.tabButton("timeline", "Timeline")} ${this.tabButton("graph", "Graph")}
        <span class="gap"></span>
        ${tool("zoom-out", "Zoom Out", () => this.zoom(1 / 1.5))}
        ${tool("zoom-in", "Zoom In", () => this.zoom(1.5))}
        ${tool("screen-normal", "Fit", () => this.drawing()?.fit())}
      </div>
    </header>`;
  }

  private steering(status: Picture["state"]["status"]): unknown {
    const steer = (verb: Steering, icon: string, label: string) =>
      tool(icon, label, () => send({ type: "steer", verb }));
    if (status === "paused")
      return [
        steer("resume", "debug-continue", "Resume"),
        steer("cancel", "debug-stop", "Cancel Run"),
      ];
    if (status === "running")
      return [steer("pause", "debug-pause", "Pause"), steer("cancel", "debug-stop", "Cancel Run")];
    return status === "failed" ? steer("retry", "debug-restart", "Retry") : nothing;
  }

  private tabButton(tab: Tab, label: string): TemplateResult {
    const chosen = this.tab === tab;
    return html`<button
      class="tab"
      role="tab"
      aria-selected=${chosen}
      @click=${() => {
        this.tab = tab;
      }}
    >
      ${label}
    </button>`;
  }

  private timeline(picture: Picture): TemplateResult {
    return html`<fermata-timeline
      .picture=${picture}
      .selected=${this.model.selected}
      .now=${this.model.now()}
      .critical=${this.critical(picture)}
      @choose=${this.chosen}
      @toggle=${({ detail }: CustomEvent<string>) => this.model.toggle(detail)}
    ></fermata-timeline>`;
  }

  /** The tasks that the run's time hangs on; worked out anew at most every few seconds while it goes on. */
  private critical({ state, shown, live }: Picture): ReadonlySet<string> {
    const goesOn = live && state.ended_at === undefined;
    const now = this.model.now();
    const key = goesOn ? "goes on" : `${shown}`;
    if (this.marked.key !== key || (goesOn && Math.abs(now - this.marked.at) > MARK)) {
      const metrics = runMetrics(state, live ? now : state.updated_at);
      this.marked = { key, at: now, paths: criticalMarks(metrics, state) };
    }
    return this.marked.paths;
  }

  private graph(picture: Picture): TemplateResult {
    const { bundle } = picture.state.started;
    return html`<fermata-graph
      .steps=${bundle.workflows[bundle.main]?.steps ?? []}
      .tree=${picture.tree}
      .selected=${this.model.selected}
      @choose=${this.chosen}
    ></fermata-graph>`;
  }

  private side(
    { state, driving, live, tree }: Picture,
    row: ReturnType<RunModel["rowOf"]>,
  ): TemplateResult {
    const { selected } = this.model;
    const waiting = [...state.breakpoints.values()];
    const open =
      waiting.find(({ id, path }) => id === row?.breakpoint || path === selected) ??
      (row === undefined || row === tree ? waiting[0] : undefined);
    return html`<fermata-task
      class="side"
      aria-label="Selected task"
      .row=${row}
      .record=${state.tasks.get(selected)}
      .facts=${row === undefined ? undefined : taskFacts(this.model.eventsOf(selected))}
      .open=${live ? open : undefined}
      .transcript=${this.model.transcript}
      .state=${state.root.body.state}
      .now=${live && !isFinished(state) ? this.model.now() : state.updated_at}
      .locked=${driving.locked}
    ></fermata-task>`;
  }

  private scrubber({ shown, total, live, state }: Picture): TemplateResult {
    const to = (count: number | undefined) => () => this.model.lookAt(count);
    return html`<footer class="line">
      ${tool("debug-step-back", "First Event", to(1))} ${tool("chevron-left", "Earlier", to(shown - 1))}
      <input
        type="range"
        min="1"
        max=${total}
        .value=${String(shown)}
        aria-label="Moment of the run, by events"
        @input=${({ target }: Event) => target instanceof HTMLInputElement && this.model.lookAt(Number(target.value))}
      />
      ${tool("chevron-right", "Later", to(shown + 1))} ${tool("debug-step-over", "Now", to(undefined))}
      <span class="dim count">event ${shown} of ${total}</span>
      <span class=${live ? "dim" : "past"}
        >${live ? "now" : `state at ${formatElapsed(state.updated_at - state.started_at)}`}</span
      >
    </footer>`;
  }

  private chosen({ detail }: CustomEvent<string>): void {
    this.model.select(detail);
    send({ type: "transcript", path: detail, from: 0, follow: true });
  }

  private zoom(factor: number): void {
    this.drawing()?.zoom(factor);
  }

  private drawing(): TimelineView | GraphView | null {
    return this.renderRoot.querySelector("fermata-timeline, fermata-graph");
  }

  private answerForm() {
    return this.renderRoot
      .querySelector("fermata-task")
      ?.renderRoot.querySelector("fermata-answer");
  }

  /** At most one drawing a frame, whatever comes in. */
  private redraw(): void {
    if (this.waiting !== 0) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.drawn += 1;
    });
  }

  private tick(): void {
    const picture = document.hidden ? undefined : this.model.picture();
    if (picture?.live && picture.state.ended_at === undefined) this.drawn += 1;
  }
}

/** What working in parallel came to, once it is known. */
function speedUp(state: Picture["state"]): TemplateResult | typeof nothing {
  if (state.ended_at === undefined) return nothing;
  const { speedUp: factor } = runMetrics(state, state.ended_at);
  if (factor < 1.05) return nothing;
  const about = `${factor.toFixed(1)} times as fast as one step after the other`;
  return html`<span class="dim" title=${about}>${factor.toFixed(1)}x</span>`;
}

function tool(icon: string, label: string, press: () => void): TemplateResult {
  return html`<vscode-toolbar-button
    icon=${icon}
    label=${label}
    title=${label}
    @click=${press}
  ></vscode-toolbar-button>`;
}

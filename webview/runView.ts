/**
 * The run view as a whole: the head with the run's state and its buttons, one of four tabs, the selected task, and the
 * scrubber. Owns the arrangement and the clock; what is drawn comes from the model.
 */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ToView } from "../src/protocol/runView.ts";
import { failedPaths } from "../src/run/admit.ts";
import { eventEntry } from "../src/run/log/eventEntry.ts";
import { isFinished } from "../src/run/state.ts";
import { formatElapsed } from "../src/views/duration.ts";
import { printableLine } from "../src/views/printable.ts";
import { taskCard } from "../src/views/runPage/taskCard.ts";
import { taskOf } from "../src/views/taskRow.ts";
import type { BodyRef } from "../src/workflow/workflow.ts";
import type { Hint } from "./frame/hoverCard.ts";
import { runHead } from "./frame/runHead.ts";
import type { Tab } from "./frame/tabBar.ts";
import { tool } from "./frame/tool.ts";
import type { GraphView } from "./graph/graphView.ts";
import { remember, send } from "./link.ts";
import { Results } from "./results/results.ts";
import { type Picture, RunModel } from "./runModel.ts";
import { RUN_VIEW } from "./runViewStyles.ts";
import { SHARED, STATUS } from "./styles.ts";
import type { TimelineView } from "./timeline/timelineView.ts";

type TabId = "timeline" | "graph" | "gates" | "report";

/** How often what runs is drawn anew, in ms. */
const TICK = 500;

export class RunView extends LitElement {
  static override properties = {
    tab: { state: true },
    drawn: { state: true },
    critical: { state: true },
    stateOpen: { state: true },
  };
  static override styles = [SHARED, STATUS, RUN_VIEW];
  declare tab: TabId;
  /** Counts the pictures; a change draws the next one. */
  declare drawn: number;
  /** The critical path is marked. */
  declare critical: boolean;
  declare stateOpen: boolean;
  private readonly model = new RunModel(() => this.redraw());
  private readonly results = new Results(this.model, whenIdle);
  private readonly bodyOf = ({ workflow, task }: BodyRef) => {
    const found = this.model.picture()?.state.started.bundle.workflows[workflow];
    return (task === undefined ? found : found?.tasks[task])?.steps;
  };
  private waiting = 0;
  /** The path of what was asked last while no task was chosen. */
  private asked = "";
  private clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.tab = "timeline";
    this.drawn = 0;
    this.critical = true;
    this.stateOpen = false;
  }

  take(message: ToView): void {
    if (message.type === "snapshot") remember(message.run);
    this.model.take(message);
    if (message.type === "refused") this.answerForm()?.again();
    if (message.type === "select") this.askTranscript(message.path);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = setInterval(() => this.tick(), TICK);
  }

  override disconnectedCallback(): void {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    const card = this.renderRoot.querySelector("fermata-card");
    if (card) card.read = (id) => this.cardOf(id);
  }

  override updated(): void {
    this.renderRoot.querySelector("fermata-card")?.refresh();
  }

  override render(): TemplateResult {
    const picture = this.model.picture();
    return html`
      ${picture ? this.page(picture) : html`<p class="dim loading">${this.model.problem || "Loading the run..."}</p>`}
      <fermata-card></fermata-card>
    `;
  }

  private page(picture: Picture): TemplateResult {
    const { problem } = this.model;
    return html`
      <header>
        ${runHead(picture, picture.live ? this.model.now() : picture.state.updated_at, () => this.show("report"))} ${this.tabs(picture)}
      </header>
      ${
        problem === ""
          ? nothing
          : html`<div class="problem" role="alert">
            <span>${printableLine(problem)}</span>
            ${tool("close", "Dismiss", () => this.model.dismiss())}
          </div>`
      }
      <main class="middle">
        <div
          class="main"
          role="tabpanel"
          aria-label=${LABELS[this.tab]}
          @choose=${this.chosen}
          @hint=${({ detail }: CustomEvent<Hint>) => this.hintAt(detail)}
        >
          ${this.shown(picture)}
        </div>
        ${this.side(picture)}
      </main>
      ${this.scrubber(picture)}
    `;
  }

  private tabs(picture: Picture): TemplateResult {
    const { passed, failed, warned } = picture.state.gates;
    const total = passed + failed + warned;
    const tabs: readonly Tab[] = TABS.map((id) => ({
      id,
      label: LABELS[id],
      ...(id === "gates" && total > 0 ? { about: `${passed}/${total}` } : {}),
    }));
    const draws = this.tab === "timeline" || this.tab === "graph";
    return html`<div class="line">
      <fermata-tabs
        .tabs=${tabs}
        .chosen=${this.tab}
        @choose=${({ detail }: CustomEvent<TabId>) => this.show(detail)}
      ></fermata-tabs>
      <span class="gap"></span>
      ${this.tab === "timeline" ? this.criticalBox() : nothing}
      ${
        draws
          ? [
              tool("zoom-out", "Zoom Out", () => this.drawing()?.zoom(1 / 1.5)),
              tool("zoom-in", "Zoom In", () => this.drawing()?.zoom(1.5)),
              tool("screen-normal", "Fit", () => this.drawing()?.fit()),
            ]
          : nothing
      }
    </div>`;
  }

  private criticalBox(): TemplateResult {
    const turn = () => {
      this.critical = !this.critical;
    };
    return html`<label class="check">
      <input type="checkbox" .checked=${this.critical} @change=${turn} /> Critical path
    </label>`;
  }

  private shown(picture: Picture): TemplateResult {
    switch (this.tab) {
      case "timeline":
        return html`<fermata-timeline
          .picture=${picture}
          .selected=${this.model.selected}
          .now=${this.model.now()}
          .critical=${this.critical ? this.results.criticalMarks(picture) : NONE}
          @toggle=${({ detail }: CustomEvent<string>) => this.model.toggle(detail)}
        ></fermata-timeline>`;
      case "graph": {
        const { bundle } = picture.state.started;
        return html`<fermata-graph
          .steps=${bundle.workflows[bundle.main]?.steps ?? NO_STEPS}
          .bodyOf=${this.bodyOf}
          .tree=${picture.tree}
          .selected=${this.model.selected}
        ></fermata-graph>`;
      }
      case "gates":
        return html`<fermata-gates .gates=${this.results.gates(picture)}></fermata-gates>`;
      case "report":
        return html`<fermata-report .facts=${this.results.report(picture)}></fermata-report>`;
    }
  }

  /** Where nobody has chosen a task and nothing is asked: what failed, or what was asked before and answered. */
  private worthALook({ state }: Picture): string {
    const [asking] = state.breakpoints.values();
    if (asking) this.asked = asking.path;
    return asking ? "" : (failedPaths(state)[0] ?? this.asked);
  }

  private side(picture: Picture): TemplateResult {
    const { state, driving, live, tree } = picture;
    const waiting = [...state.breakpoints.values()];
    const selected = this.model.selected || this.worthALook(picture);
    const row = this.model.rowOf(tree, selected);
    const path = row ? taskOf(row) : selected;
    const open =
      waiting.find((each) => each.id === row?.breakpoint || each.path === path) ??
      (row === undefined ? waiting[0] : undefined);
    return html`<fermata-task
      class="side"
      role="region"
      aria-label="Selected task"
      .row=${row}
      .record=${state.tasks.get(path)}
      .agents=${state.started.agents}
      .facts=${row === undefined ? undefined : this.model.factsOf(path)}
      .open=${live ? open : undefined}
      .transcript=${this.model.transcript}
      .state=${state.root.body.state}
      .stateKey=${this.stateOpen ? `${state.seq}` : ""}
      .stateOpen=${this.stateOpen}
      .now=${live && !isFinished(state) ? this.model.now() : state.updated_at}
      .over=${isFinished(state)}
      .locked=${live ? driving.locked : LOOKING_BACK}
      @choose=${this.chosen}
      @state=${({ detail }: CustomEvent<boolean>) => {
        this.stateOpen = detail;
      }}
    ></fermata-task>`;
  }

  private scrubber({ shown, total, live, state, run }: Picture): TemplateResult {
    const last = live ? undefined : this.model.eventAt(shown);
    const entry = last && eventEntry(run, last);
    const said = entry ? [entry.path ?? "", entry.message].filter((part) => part !== "") : [];
    return html`<fermata-scrubber
      role="region"
      aria-label="Moment of the run"
      .shown=${shown}
      .total=${total}
      .live=${live}
      .time=${formatElapsed(state.updated_at - state.started_at)}
      .event=${printableLine(said.join(": ")).slice(0, 300)}
      .opened=${this.stateOpen}
      @look=${({ detail }: CustomEvent<number>) => this.model.lookAt(detail)}
      @open-state=${() => {
        this.stateOpen = !this.stateOpen;
      }}
    ></fermata-scrubber>`;
  }

  private show(tab: TabId): void {
    this.tab = tab;
    this.hintAt({});
  }

  private chosen({ detail }: CustomEvent<string>): void {
    this.model.select(detail);
    this.askTranscript(detail);
  }

  private askTranscript(path: string): void {
    send({ type: "transcript", path: this.model.taskOf(path), from: 0, follow: true });
  }

  private hintAt(hint: Hint): void {
    this.renderRoot.querySelector("fermata-card")?.wish(hint);
  }

  private cardOf(id: string) {
    const picture = this.model.picture();
    const row = picture && this.model.rowOf(picture.tree, id);
    if (!picture || !row) return undefined;
    const critical = this.results.criticalMarks(picture).has(id);
    const marked = critical ? { ...row, critical } : row;
    return taskCard(marked, this.model.now(), picture.state.tasks.get(id)?.attempts);
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

const TABS: readonly TabId[] = ["timeline", "graph", "gates", "report"];
const LABELS: Readonly<Record<TabId, string>> = {
  timeline: "Timeline",
  graph: "Graph",
  gates: "Gates",
  report: "Report",
};
/** A page that is never idle for so long does it all the same, in ms. */
const PATIENCE = 1000;
const whenIdle = (work: () => void): void =>
  void requestIdleCallback(() => work(), { timeout: PATIENCE });
const NONE: ReadonlySet<string> = new Set();
const NO_STEPS: readonly never[] = [];
const LOOKING_BACK = "An earlier moment is shown: go to now to answer or steer.";

/** The run view's page: its elements, and the line to the window. */

import { HoverCard } from "./frame/hoverCard.ts";
import { Scrubber } from "./frame/scrubber.ts";
import { TabBar } from "./frame/tabBar.ts";
import { GraphView } from "./graph/graphView.ts";
import { listen, remember, send } from "./link.ts";
import { GatesView } from "./results/gatesView.ts";
import { ReportView } from "./results/reportView.ts";
import { RunView } from "./runView.ts";
import { AnswerForm } from "./task/answerForm.ts";
import { SidePane } from "./task/sidePane.ts";
import { TimelineView } from "./timeline/timelineView.ts";

declare global {
  interface HTMLElementTagNameMap {
    "fermata-answer": AnswerForm;
    "fermata-card": HoverCard;
    "fermata-gates": GatesView;
    "fermata-graph": GraphView;
    "fermata-report": ReportView;
    "fermata-run": RunView;
    "fermata-scrubber": Scrubber;
    "fermata-tabs": TabBar;
    "fermata-task": SidePane;
    "fermata-timeline": TimelineView;
  }
}

customElements.define("fermata-answer", AnswerForm);
customElements.define("fermata-card", HoverCard);
customElements.define("fermata-gates", GatesView);
customElements.define("fermata-report", ReportView);
customElements.define("fermata-scrubber", Scrubber);
customElements.define("fermata-tabs", TabBar);
customElements.define("fermata-graph", GraphView);
customElements.define("fermata-task", SidePane);
customElements.define("fermata-timeline", TimelineView);
customElements.define("fermata-run", RunView);

const view = document.querySelector("fermata-run");
if (view?.dataset.run) remember(view.dataset.run);
window.addEventListener("error", ({ message }) => send({ type: "fault", message }));
window.addEventListener("unhandledrejection", ({ reason }) =>
  send({ type: "fault", message: String(reason) }),
);
listen((message) => view?.take(message));
send({ type: "ready" });

/** The run view's page: its elements, and the line to the window. */

import { GraphView } from "./graph/graphView.ts";
import { listen, remember, send } from "./link.ts";
import { RunView } from "./runView.ts";
import { AnswerForm } from "./task/answerForm.ts";
import { SidePane } from "./task/sidePane.ts";
import { TimelineView } from "./timeline/timelineView.ts";

declare global {
  interface HTMLElementTagNameMap {
    "fermata-answer": AnswerForm;
    "fermata-graph": GraphView;
    "fermata-run": RunView;
    "fermata-task": SidePane;
    "fermata-timeline": TimelineView;
  }
}

customElements.define("fermata-answer", AnswerForm);
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

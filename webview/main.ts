/** The page of a run or of a definition: its elements, and the line to the window. */

import type { ToDefinition } from "../src/protocol/definitionView.ts";
import type { ToView } from "../src/protocol/runView.ts";
import { HoverCard } from "./frame/hoverCard.ts";
import { Scrubber } from "./frame/scrubber.ts";
import { TabBar } from "./frame/tabBar.ts";
import { DefinitionView } from "./graph/definitionView.ts";
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
    "fermata-definition": DefinitionView;
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
customElements.define("fermata-definition", DefinitionView);

// Begun before anything is drawn: a browser loads a font only once it draws with it, and icons would be missing until then.
void document.fonts.load("16px codicon").catch(() => undefined);
const run = document.querySelector("fermata-run");
if (run?.dataset.run) remember(run.dataset.run);
const definition = document.querySelector("fermata-definition");
window.addEventListener("error", ({ message }) => send({ type: "fault", message }));
window.addEventListener("unhandledrejection", ({ reason }) =>
  send({ type: "fault", message: String(reason) }),
);
if (run) listen<ToView>((message) => run.take(message));
if (definition) listen<ToDefinition>((message) => definition.take(message));
send({ type: "ready" });

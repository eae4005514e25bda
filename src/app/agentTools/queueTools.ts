/** The tools over the queue of escalations: what waits for a decision across runs, and taking one on. */
import { findBreakpoint } from "../../run/admit.ts";
import type { JsonObject } from "../../util/json.ts";
import { printable } from "../../views/printable.ts";
import type { App } from "../app.ts";
import { listEscalations } from "../history/escalations.ts";
import { mayAnswer } from "./agentAnswers.ts";
import { type AgentTool, gives, no, RUN_ID, type ToolPorts, takes } from "./agentTool.ts";
import { textOf, withWatch } from "./readCall.ts";
import { forPeople } from "./steerTools.ts";

/** The tools; the app is asked for anew at every call. */
export function queueTools(ports: ToolPorts): readonly AgentTool[] {
  return [listQueue(ports.app), claimQuestion(ports)];
}

function listQueue(app: () => App): AgentTool {
  return {
    name: "list_escalations",
    title: "List escalations",
    description:
      "What supervision handed to people, across all runs of this folder, the most urgent first: the reason, priority, owner, deadline, who has claimed it. get_run tells what each asks.",
    inputSchema: takes({}),
    outputSchema: gives({ escalations: { type: "array", items: { type: "object" } } }, [
      "escalations",
    ]),
    effect: "reads",
    call: async () => {
      const waiting = await listEscalations(app(), Date.now());
      const escalations = waiting.map((one): JsonObject => ({ ...one }));
      const lines = waiting.map(
        ({ run, breakpoint, priority, reason }) => `${priority} ${run} ${breakpoint}: ${reason}`,
      );
      const text = lines.length > 0 ? lines.join("\n") : "Nothing is escalated.";
      return { ok: true, text: printable(text), facts: { escalations } };
    },
  };
}

function claimQuestion({ app, allowed }: ToolPorts): AgentTool {
  return {
    name: "claim_question",
    title: "Claim a question",
    description:
      "Takes on an open question, so that others leave it to you, or gives it back. Only those that you may answer.",
    inputSchema: takes(
      {
        run: RUN_ID,
        question: { type: "string", description: "The question's id, as get_run gives it." },
        release: { type: "boolean", description: "Gives it back." },
      },
      ["run", "question"],
    ),
    outputSchema: gives({ run: { type: "string" }, claimed: { type: "boolean" } }, ["run"]),
    effect: "adds",
    call: async (input, { name: by }) => {
      const run = textOf(input.run) ?? "";
      const question = textOf(input.question) ?? "";
      const release = input.release === true;
      const answers = await allowed();
      return withWatch(app(), run, async ({ state }) => {
        const open = findBreakpoint(state, question);
        if (open && !mayAnswer(answers, open.form)) return forPeople(run, open.id);
        const breakpoint = open?.id ?? question;
        const said = { type: "claim", breakpoint, by, ...(release ? { release } : {}) } as const;
        const admission = await app().signal(run, said);
        if (!admission.ok) return no(admission.reason);
        const text = release ? "Given back." : "It is yours.";
        return { ok: true, text, facts: { run, claimed: !release } };
      });
    },
  };
}

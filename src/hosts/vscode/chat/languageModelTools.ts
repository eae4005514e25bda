/**
 * The engine's tools for the editor's own agents. Owns which of them are offered, and that the person confirms what
 * starts or answers something; a decision is never theirs: its question is opened for the person.
 */
import * as vscode from "vscode";
import { asksForKnowledge } from "../../../app/agentTools/agentAnswers.ts";
import { type AgentTool, callTool } from "../../../app/agentTools/agentTool.ts";
import { agentTools } from "../../../app/agentTools/agentTools.ts";
import { findBreakpoint } from "../../../run/admit.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import type { Session } from "../session.ts";
import { answerConfirmation, type Confirmation, startConfirmation } from "./confirmation.ts";
import { CHAT_TOOLS, toolId } from "./offered.ts";
import { abortedBy, translate } from "./platform.ts";

/** The tools by the names of the manifest. */
export function languageModelTools(
  session: Session,
): ReadonlyMap<string, vscode.LanguageModelTool<unknown>> {
  // A person confirms each answer to a question of knowledge; for decisions their setting has to say so.
  const allowed = async () => {
    const set = await session.app.agentAnswers();
    return set === "never" ? "questions" : set;
  };
  const offered = agentTools({ app: () => session.app, allowed }).filter(({ name }) =>
    CHAT_TOOLS.includes(name),
  );
  return new Map(offered.map((tool) => [toolId(tool.name), toolFor(session, tool)]));
}

function toolFor(session: Session, tool: AgentTool): vscode.LanguageModelTool<unknown> {
  return {
    prepareInvocation: async ({ input }) => {
      const invocationMessage = vscode.l10n.t("Fermata: {0}", tool.title);
      const asked = await confirmationFor(session, tool, isObject(input) ? input : {});
      if (!asked) return { invocationMessage };
      const { title, message } = asked;
      return {
        invocationMessage,
        confirmationMessages: { title, message: new vscode.MarkdownString(message) },
      };
    },
    invoke: async ({ input }, token) => {
      const { signal, dispose } = abortedBy(token);
      const caller = { name: `a chat agent of ${session.me}`, signal };
      try {
        const answer = await callTool(tool, isObject(input) ? input : {}, caller);
        if (!answer.ok && answer.forPerson) show(session, answer.forPerson);
        const text = answer.ok
          ? `${answer.text}\n\n${JSON.stringify(answer.facts)}`
          : answer.message;
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      } finally {
        dispose();
      }
    },
  };
}

/** Undefined where nothing is started or answered, or the call will be refused anyway. */
async function confirmationFor(
  { app }: Session,
  { name }: AgentTool,
  input: JsonObject,
): Promise<Confirmation | undefined> {
  if (name === "start_workflow") return startConfirmation(translate, input);
  if (name !== "answer_question") return undefined;
  const open = await questionOf(app, input);
  const decides = (await app.agentAnswers()) === "all";
  if (!open || !(decides || asksForKnowledge(open.form))) return undefined;
  return open.hash === input.shown ? answerConfirmation(translate, open, input) : undefined;
}

async function questionOf(
  app: Session["app"],
  { run, question }: JsonObject,
): Promise<Breakpoint | undefined> {
  if (typeof run !== "string" || typeof question !== "string") return undefined;
  const watch = await app.watchRun(run).catch(() => undefined);
  try {
    return watch && findBreakpoint(watch.state, question);
  } finally {
    watch?.dispose();
  }
}

/** Opens what only the person answers; the agent does not wait for it. */
function show(
  { fault }: Session,
  target: { readonly run: string; readonly breakpoint: string },
): void {
  vscode.commands.executeCommand("fermata.answer", target).then(undefined, fault);
}

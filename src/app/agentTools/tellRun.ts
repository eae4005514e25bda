/** One run told to an agent: as facts, and as the lines that the terminal shows. Owns how the two stand together. */

import { agentLines } from "../../run/start/chosenAgents.ts";
import { isList, type Json, type JsonObject } from "../../util/json.ts";
import { questionFacts } from "../../views/agent/questionFacts.ts";
import { runFacts } from "../../views/agent/runFacts.ts";
import { runText } from "../../views/plain/text.ts";
import { printable } from "../../views/printable.ts";
import { findRow, runTree } from "../../views/taskTree.ts";
import type { RunWatch } from "../app.ts";
import { type AgentAnswers, mayAnswer } from "./agentAnswers.ts";
import { no, type ToolAnswer } from "./agentTool.ts";

/** How a run stands and what it asks; only the tasks under `path` when there is one. */
export function tellRun(
  workspace: string,
  watch: RunWatch,
  allowed: AgentAnswers,
  path?: string,
): ToolAnswer {
  const { state, live, ownership } = watch;
  const driven = ownership !== "nobody";
  const tree = runTree(state, { driven, live });
  const root = path === undefined ? tree : findRow(tree, path);
  if (!root) return no(`${watch.run} has no task ${path}. get_run without a path names its tasks.`);
  const now = Date.now();
  const questions = [...state.breakpoints.values()].map((open) =>
    questionFacts(open, mayAnswer(allowed, open.form)),
  );
  const facts = { ...runFacts(state, tree, root, { driven, now }), questions };
  const lines = runText(root, {
    workspace,
    agents: agentLines(state.started),
    width: WIDTH,
    widthOf: (text) => text.length,
    colour: false,
    now,
    show: "all",
    height: HEIGHT,
  });
  const failed = watch.stopped === undefined ? [] : [watch.stopped];
  const text = [...lines, ...failed, ...valueLines(facts), ...questions.flatMap(questionLines)];
  return { ok: true, text: printable(text.join("\n")), facts };
}

const WIDTH = 160;
const HEIGHT = 120;

function valueLines({ value }: JsonObject): readonly string[] {
  return value === undefined ? [] : ["", `It gave: ${asText(value)}`];
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a program has to know to answer, for one that reads texts only. */
function questionLines(facts: JsonObject): readonly string[] {
  const { question, text, expected, answer, shown, answerable, fields } = facts;
  const who =
    answerable === true
      ? `Answer with answer_question: question ${question}, shown ${shown}, answer: ${answer}.`
      : "A person has to answer this one.";
  return [
    ...["", `Question ${question}:`, String(text), String(expected)],
    ...(isList(fields) ? fields.map((field) => `  ${JSON.stringify(field)}`) : []),
    who,
  ];
}

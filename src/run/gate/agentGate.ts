/**
 * A gate that an agent judges: what it is asked, and how its word is read. Only a clear yes passes; an answer that cannot be
 * read, or of which the agent itself is not sure, has judged nothing. Pure.
 */
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";
import { withoutMiddle } from "../../util/shorten.ts";
import type { AgentCheck, Gate } from "../../workflow/definition/gate.ts";
import type { GateQuestion } from "../request.ts";
import { doubtIn } from "../worker/doubt.ts";
import type { GateResult } from "./judge.ts";

const VERDICT: JsonObject = {
  type: "object",
  properties: {
    pass: { type: "boolean", description: "Whether the output meets the criteria." },
    reason: { type: "string", description: "Why, in one sentence." },
    evidence: {
      type: "array",
      items: { type: "string" },
      description: "What shows it: quotes, files, lines.",
    },
    score: { type: "number", minimum: 0, maximum: 100 },
  },
  required: ["pass", "reason", "evidence"],
};

/** Characters of an output that a judge is shown. */
const SHOWN = 24_000;

/** What the agent is asked about an output. */
export function gateQuestion(
  name: string,
  agent: string,
  criteria: string,
  output: Json,
): GateQuestion {
  const shown = typeof output === "string" ? output : JSON.stringify(output, null, 2);
  const instructions = [
    "Judge whether the output below meets the criteria. Change nothing. Name what shows it: quotes, files, lines.",
    `Criteria:\n${criteria}`,
    `Output:\n${withoutMiddle(shown, SHOWN)}`,
  ].join("\n\n");
  return { name, agent, instructions, output_schema: VERDICT };
}

/** Judges a gate by what its agent answered: the `data` of its answer, or why there is none. */
export function judgeAgent(gate: Gate, check: AgentCheck, answer: Json | undefined): GateResult {
  const { name, category = null } = gate;
  const data = isObject(answer) && isObject(answer.data) ? answer.data : undefined;
  const { agent, criteria } = check;
  const doubt = answer === undefined ? undefined : doubtIn(answer);
  if (!data || typeof data.pass !== "boolean" || doubt !== undefined) {
    const failed =
      doubt ?? (isObject(answer) && typeof answer.problem === "string" ? answer.problem : "");
    const reason = `${agent} did not judge it${failed === "" ? "" : `: ${failed}`}`;
    const said = doubt === undefined || !data ? {} : { said: data };
    return { name, category, status: fail(gate), reason, evidence: { agent, criteria, ...said } };
  }
  const shown = isList(data.evidence) ? data.evidence.filter((one) => typeof one === "string") : [];
  const proven = data.pass && shown.length === 0 ? " (without evidence)" : "";
  const reason = `${typeof data.reason === "string" ? data.reason : agent}${proven}`;
  const score = typeof data.score === "number" ? { score: data.score } : {};
  const held = data.pass && shown.length > 0;
  const evidence = { agent, criteria, evidence: shown, ...score };
  return { name, category, status: held ? "PASS" : fail(gate), reason, evidence };
}

function fail({ severity }: Gate): "FAIL" | "WARN" {
  return severity === "warn" ? "WARN" : "FAIL";
}

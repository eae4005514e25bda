/**
 * An escalation: supervision hands a result, or the lack of one, to a person. Owns its form, the answers that it takes
 * and how they are read; what follows from an answer is `decide`'s matter.
 */
import { findJson } from "../../util/findJson.ts";
import { isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import type { Priority } from "../../workflow/definition/supervision.ts";
import { schemaProblems } from "../gate/schemaProblems.ts";

export type EscalationChoice = "approve" | "edit" | "retry" | "reroute" | "fail";

export interface EscalationForm {
  readonly kind: "escalation";
  /** All that a person needs to decide, in Markdown. */
  readonly message: string;
  /** Why it was escalated, in a sentence. */
  readonly reason: string;
  readonly owner?: string;
  readonly priority: Priority;
  /** What would be approved, or edited; "" where there is none. */
  readonly response: string;
  readonly iteration: number;
  readonly quality?: number;
  readonly confidence?: number;
  /** JSON Schema that an edited result must fit. */
  readonly schema?: JsonObject;
  readonly allow: readonly EscalationChoice[];
  /** Agents that it may be given to instead. */
  readonly agents: readonly string[];
}

export type EscalationAnswer =
  | { readonly kind: "escalation"; readonly decision: "approve" }
  | { readonly kind: "escalation"; readonly decision: "edit"; readonly response: string }
  | { readonly kind: "escalation"; readonly decision: "retry"; readonly guidance: string }
  | {
      readonly kind: "escalation";
      readonly decision: "reroute";
      readonly agent: string;
      readonly guidance: string;
    }
  | { readonly kind: "escalation"; readonly decision: "fail"; readonly reason: string };

type Read =
  | { readonly ok: true; readonly answer: EscalationAnswer }
  | { readonly ok: false; readonly message: string };

/**
 * Reads `{decision, response | guidance | agent | reason}`, the decision's word alone, or an approval's
 * `{approved, reason}` and `{request_changes, comments}`.
 */
export function readEscalation(form: EscalationForm, raw: Json): Read {
  const given: JsonObject = isObject(raw) ? raw : { decision: raw };
  const decision = decisionOf(given);
  if (decision === undefined || !form.allow.includes(decision))
    return no(`It takes one of: ${form.allow.join(", ")}.`);
  switch (decision) {
    case "approve":
      return yes({ kind: "escalation", decision });
    case "edit": {
      const response = textAt(given, "response") ?? textAt(given, "result");
      if (response === undefined || response.trim() === "")
        return no("Give the result as you want it: {decision: edit, response}.");
      const wrong = misfit(form.schema, response);
      if (wrong !== undefined) return no(wrong);
      return yes({ kind: "escalation", decision, response });
    }
    case "retry":
      return yes({ kind: "escalation", decision, guidance: guidanceOf(given) });
    case "reroute": {
      const agent = textAt(given, "agent");
      const offered = form.agents.join(", ");
      if (agent === undefined) return no(`Name the agent that it goes to, one of ${offered}.`);
      if (!form.agents.includes(agent))
        return no(`${agent} is none of the agents that it may go to: ${offered}.`);
      return yes({ kind: "escalation", decision, agent, guidance: guidanceOf(given) });
    }
    case "fail":
      return yes({ kind: "escalation", decision, reason: textAt(given, "reason") ?? "" });
  }
}

/** Why an edited result cannot stand where data is wanted. */
function misfit(schema: JsonObject | undefined, response: string): string | undefined {
  if (schema === undefined) return undefined;
  const found = findJson(response);
  if (found === undefined) return "The result must hold JSON that fits the step's output_schema.";
  const [first] = schemaProblems(found.value, schema, "the result");
  return first === undefined ? undefined : `It does not fit the step's output_schema: ${first}.`;
}

function decisionOf(given: JsonObject): EscalationChoice | undefined {
  const said = own(given, "decision");
  if (said === undefined && given.request_changes === true) return "retry";
  if (said === undefined && given.approved === true) return "approve";
  if (said === undefined && given.approved === false) return "fail";
  const word = String(said ?? "")
    .trim()
    .toLowerCase();
  return (["approve", "edit", "retry", "reroute", "fail"] as const).find((one) => one === word);
}

function guidanceOf(given: JsonObject): string {
  const said = textAt(given, "guidance");
  if (said !== undefined) return said;
  const comments = own(given, "comments");
  if (!Array.isArray(comments)) return "";
  const texts = comments.map((one) => (isObject(one) ? textAt(one, "text") : String(one)) ?? "");
  return texts.filter((text) => text !== "").join("\n");
}

function textAt(given: JsonObject, name: string): string | undefined {
  const value = own(given, name);
  return typeof value === "string" ? value : undefined;
}

function yes(answer: EscalationAnswer): Read {
  return { ok: true, answer };
}

function no(message: string): Read {
  return { ok: false, message };
}

/**
 * Fits an answer's facts into the shape that an output schema asks for.
 * Owns which names mean the same. Invents nothing: what it does not know stays out, and the check tells.
 */
import { isList, isObject, type Json, type JsonObject, own } from "../../util/json.ts";

/** Names under which the same fact may be asked for; the first is ours. */
const SYNONYMS: readonly (readonly string[])[] = [
  [
    "questions",
    "research_questions",
    "research_tasks",
    "tasks",
    "queries",
    "items",
    "topics",
    "open_questions",
  ],
  ["question", "query", "topic", "prompt"],
  [
    "findings",
    "results",
    "citations",
    "evidence",
    "facts",
    "references",
    "answers",
    "hits",
    "matches",
  ],
  ["sources", "urls", "links", "locations"],
  ["source", "url", "location", "citation", "reference"],
  ["path", "file", "filename", "file_path"],
  ["line", "line_number", "start_line"],
  ["quote", "snippet", "content", "code", "excerpt"],
  [
    "text",
    "finding",
    "claim",
    "statement",
    "description",
    "message",
    "comment",
    "name",
    "detail",
    "issue",
    "answer",
  ],
  ["summary", "overview", "conclusion", "response", "rationale", "reason", "reasoning", "analysis"],
  [
    "issues",
    "comments",
    "problems",
    "feedback_items",
    "concerns",
    "suggestions",
    "recommendations",
    "improvements",
  ],
  ["feedback", "review", "report"],
  ["plan", "document", "markdown", "revised_plan", "updated_plan", "final_plan", "new_plan"],
  ["approved", "valid", "passed", "ok", "acceptable", "is_valid"],
  ["score", "quality", "quality_score", "overall_score"],
  ["changes", "changelog", "addressed", "changes_made"],
  ["missing", "gaps", "unknowns", "not_found"],
  ["found", "has_findings", "answered"],
  ["verdict", "decision", "status", "outcome"],
  ["severity", "priority", "level"],
  ["category", "type", "area", "kind"],
  ["suggestion", "recommendation", "fix", "advice", "action"],
  ["title", "heading"],
  ["steps", "phases", "actions"],
  ["files", "files_to_change", "files_to_touch", "affected_files"],
];

/** The list that a schema of a bare list asks for, by kind of work. */
const MAIN_LIST: Readonly<Record<string, string>> = {
  questions: "questions",
  research: "findings",
  plan: "steps",
  review: "issues",
  revise: "changes",
};

/** The facts in the shape of the schema, as far as they reach. */
export function shapeData(facts: JsonObject, schema: JsonObject): Json {
  if (typeOf(schema) !== "array") return fill(facts, schema) ?? {};
  const list = own(facts, MAIN_LIST[String(facts.kind)] ?? "findings");
  return fill(list ?? [], schema) ?? [];
}

/** Undefined when the value cannot take the schema's type. */
function fill(value: Json, schema: JsonObject): Json | undefined {
  switch (typeOf(schema)) {
    case "object":
      return isObject(value) ? fillObject(value, schema) : undefined;
    case "array":
      return fillArray(value, schema);
    case "string":
      return asChoice(asText(value), schema);
    case "integer":
    case "number":
      return typeof value === "number" ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    default:
      return value;
  }
}

function fillObject(facts: JsonObject, schema: JsonObject): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const filled: Record<string, Json> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    const value = candidates(facts, name)
      .map((fact) => fill(fact, property))
      .find((found) => found !== undefined);
    const fallback = value ?? own(property, "default") ?? own(property, "const");
    if (fallback !== undefined) filled[name] = fallback;
    else if (typeOf(property) === "array" && isRequired(schema, name)) filled[name] = [];
  }
  return Object.keys(properties).length === 0 ? facts : filled;
}

function fillArray(value: Json, schema: JsonObject): Json | undefined {
  if (!isList(value)) return undefined;
  const items = isObject(schema.items) ? schema.items : undefined;
  const limit = typeof schema.maxItems === "number" ? schema.maxItems : value.length;
  const list = items === undefined ? [...value] : value.map((item) => fill(item, items));
  return list.filter((item) => item !== undefined).slice(0, limit);
}

/** The facts that a name may mean: under the name itself, then under its synonyms. */
function candidates(facts: JsonObject, name: string): Json[] {
  const plain = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  const groups = SYNONYMS.filter((group) => group.includes(plain));
  const names = [name, plain, ...groups.flat()];
  return [...new Set(names)].flatMap((key) => {
    const found = own(facts, key);
    return found === undefined ? [] : [found];
  });
}

function asText(value: Json): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isObject(value)) return typeof value.text === "string" ? value.text : undefined;
  return isList(value)
    ? value
        .map(asText)
        .filter((text) => text !== undefined)
        .join("\n")
    : undefined;
}

function asChoice(text: string | undefined, schema: JsonObject): string | undefined {
  const choices = schema.enum;
  if (text === undefined || !isList(choices)) return text;
  const found = choices.find(
    (choice) => typeof choice === "string" && choice.toLowerCase() === text.toLowerCase(),
  );
  return typeof found === "string" ? found : undefined;
}

function isRequired(schema: JsonObject, name: string): boolean {
  return isList(schema.required) && schema.required.includes(name);
}

function typeOf(schema: JsonObject): string {
  const type = isList(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  if (typeof type === "string") return type;
  if (isObject(schema.properties)) return "object";
  if (isObject(schema.items)) return "array";
  return isList(schema.enum) ? "string" : "any";
}

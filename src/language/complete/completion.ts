/**
 * What may be written at a place of a workflow file: keys, values, names, and what expressions offer.
 * Owns which kind of place offers what; the words and docs are those of the language's tables.
 */
import { isObject, type JsonObject } from "../../util/json.ts";
import { formatDuration } from "../../workflow/duration.ts";
import { parseWorkflow } from "../../workflow/parse.ts";
import type { Field, Shape } from "../../workflow/schema/shape.ts";
import { STEP_KINDS } from "../../workflow/schema/stepKinds.ts";
import { surroundingsAt } from "../scopeAt.ts";
import { fieldsOf, type ShapedPlace, shapeAt } from "../shapeAt.ts";
import type { World } from "../world.ts";
import { completeExpression } from "./completeExpression.ts";
import { type Cursor, cursorsAt } from "./cursor.ts";
import type { Asked, Completion, CompletionKind } from "./offer.ts";

/** Offers for an offset of a text; empty where nothing is known. Never throws for any text. */
export function completionsAt(
  file: { readonly fileName: string; readonly text: string },
  offset: number,
  world: World,
): readonly Completion[] {
  const offers = cursorsAt(file.text, offset).flatMap((cursor) =>
    offersOf(cursor, file.fileName, offset, world),
  );
  const seen = new Set<string>();
  return offers.filter(
    ({ kind, label }) => !seen.has(`${kind} ${label}`) && seen.add(`${kind} ${label}`),
  );
}

function offersOf(
  cursor: Cursor,
  fileName: string,
  offset: number,
  world: World,
): readonly Completion[] {
  const { document, path } = cursor;
  const place = shapeAt(document, path);
  if (!place) return [];
  const workflow = parseWorkflow({ text: cursor.marked, fileName }).draft;
  const asked: Asked = { cursor, workflow, world };
  if (cursor.role === "key") return keys(asked, place);
  const kind = templateKind(place.shape);
  if (kind && (kind === "expression" || /\{[{%]/.test(cursor.typed))) {
    const inside = completeExpression(asked, kind, offset);
    if (inside) return inside;
  }
  if (cursor.style === "block") return [];
  return values(asked, place, place.shape);
}

function keys(asked: Asked, place: ShapedPlace): readonly Completion[] {
  const { cursor } = asked;
  const fields = fieldsOf(place, cursor.document);
  const free = fields ? undefined : freeKeys(asked, place);
  if (!fields) return free ?? [];
  const present = new Set(cursor.present);
  return Object.entries(fields)
    .filter(([key]) => !present.has(key))
    .map(([key, field]) => ({
      ...replacing(cursor, "key", key, keyText(cursor, key, field)),
      detail: keyDetail(field),
      doc: field.doc,
      ...(field.required && { first: true as const }),
    }));
}

/** The mark of the cursor may stand before a colon that is there already. */
function keyText({ document, path, marked, end }: Cursor, key: string, { shape }: Field): string {
  const colon = marked.slice(end + 1).match(/^[\w-]*\s*:/);
  const isOurs =
    !colon || document.errors.length > 0 || /:\s*$/.test(marked.slice(end + 1, end + 3));
  if (colon && !isOurs) return key;
  const indent = " ".repeat(2 * depthOf(path) + 2);
  switch (shape.type) {
    case "steps":
      return `${key}:\n${indent}- id: `;
    case "record":
    case "map":
    case "object":
      return `${key}:\n${indent}`;
    case "list":
      return `${key}: [`;
    default:
      return `${key}: `;
  }
}

/** How deep a mapping lies, as two blanks a level: what an inserted line continues with. */
function depthOf(path: Cursor["path"]): number {
  return path.length;
}

function keyDetail({ required, default: value, shape }: Field): string {
  const parts = [required ? "required" : "", shapeName(shape)];
  if (value !== undefined && value !== null && typeof value !== "object") {
    const shown =
      shape.type === "duration" && typeof value === "number"
        ? formatDuration(value)
        : String(value);
    parts.push(`default ${shown}`);
  }
  return parts.filter((part) => part !== "").join(", ");
}

/** A word for a shape, for people. */
export function shapeName(shape: Shape): string {
  switch (shape.type) {
    case "choice":
      return shape.values.join(" | ");
    case "body":
      return "task or workflow";
    case "json":
      return "any value";
    case "object":
    case "map":
    case "record":
    case "input":
      return "mapping";
    case "either": {
      const parts = [shape.scalar, shape.list, shape.map].filter((part) => part !== undefined);
      return [...new Set(parts.map(shapeName))].join(" or ");
    }
    default:
      return shape.type;
  }
}

/** Keys of a mapping that the language leaves free: a call's inputs, a tool's parameters, state fields. */
function freeKeys(asked: Asked, { step }: ShapedPlace): readonly Completion[] | undefined {
  const { cursor, workflow, world } = asked;
  const last = cursor.path.at(-1);
  const around = workflow && surroundingsAt(workflow, cursor.path);
  const here = around?.step;
  const offer = (name: string, kind: CompletionKind, detail: string, doc = "") => ({
    ...replacing(cursor, kind, name, `${name}: `),
    detail,
    doc,
  });
  if (step && last === "parameters" && here?.kind === "mcp_call") {
    return toolParameters(world, here.tool).map(({ name, detail, doc }) =>
      offer(name, "parameter", detail, doc),
    );
  }
  if (step && last === "updates" && around) {
    return [...around.scope.fields].map((field) => offer(field, "field", "state field"));
  }
  if (step && last === "inputs" && (here?.kind === "foreach" || here?.kind === "workflow")) {
    const called = here.kind === "foreach" ? here.task?.name : here.workflow.name;
    const inputs =
      (called !== undefined && workflow?.tasks[called]?.inputs) ||
      world.workflows.find(({ name }) => name === called)?.inputs ||
      {};
    return Object.entries(inputs).map(([name, { type, description }]) =>
      offer(name, "input", type, description),
    );
  }
  return undefined;
}

/** The parameters of a tool by its own schema. */
export function toolParameters(
  world: World,
  tool: string,
): readonly { readonly name: string; readonly detail: string; readonly doc: string }[] {
  const schema = world.tools.find(({ name }) => name === tool)?.inputSchema;
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const required = Array.isArray(schema?.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) => {
    const about: JsonObject = isObject(property) ? property : {};
    const type = typeof about.type === "string" ? about.type : "any";
    return {
      name,
      detail: required.includes(name) ? `${type}, required` : type,
      doc: typeof about.description === "string" ? about.description : "",
    };
  });
}

function values(asked: Asked, place: ShapedPlace, shape: Shape): readonly Completion[] {
  const { cursor } = asked;
  switch (shape.type) {
    case "choice":
      return shape.values.map((value) =>
        isStepType(cursor, place)
          ? stepType(cursor, value)
          : { ...replacing(cursor, "value", value), detail: "", doc: "" },
      );
    case "boolean":
      return ["true", "false"].map((value) => ({
        ...replacing(cursor, "value", value),
        detail: "",
        doc: "",
      }));
    case "body":
      return bodies(asked);
    case "either":
      return shape.scalar ? values(asked, place, shape.scalar) : [];
    case "text":
    case "template":
      return named(asked);
    default:
      return [];
  }
}

function isStepType({ path }: Cursor, { step }: ShapedPlace): boolean {
  return step !== undefined && path.at(-1) === "type" && path.length === step.path.length + 1;
}

function stepType(cursor: Cursor, value: string): Completion {
  const kind = STEP_KINDS[value];
  const doc = kind?.result ? `${kind.doc} Result: ${kind.result}.` : (kind?.doc ?? "");
  return { ...replacing(cursor, "type", value), detail: kind?.doc ?? "", doc };
}

function bodies({ cursor, workflow, world }: Asked): readonly Completion[] {
  const tasks = Object.keys(workflow?.tasks ?? {}).map((name) => ({
    ...replacing(cursor, "task", name),
    detail: "task of this file",
    doc: "",
  }));
  const others = world.workflows.map(({ name, description }) => ({
    ...replacing(cursor, "task", name),
    detail: "workflow",
    doc: description,
  }));
  return [...tasks, ...others];
}

/** Texts that name something: which key they stand under tells what. */
function named({ cursor, workflow, world }: Asked): readonly Completion[] {
  const { path } = cursor;
  const key = [...path].reverse().find((segment) => typeof segment === "string");
  const around = workflow && surroundingsAt(workflow, path);
  const offer = (kind: CompletionKind, name: string, detail = "", doc = "", insert = name) => ({
    ...replacing(cursor, kind, name, insert),
    detail,
    doc,
  });
  const quoted = (name: string) => (cursor.style === "plain" ? `"${name}"` : name);
  switch (key) {
    case "needs_state":
      return [...(around?.scope.fields ?? [])].map((field) => offer("field", field, "state field"));
    case "output_to":
      return [...(around?.scope.fields ?? [])]
        .filter((field) => field !== cursor.typed)
        .map((field) => offer("field", field, "state field"));
    case "phase":
      return Object.entries(workflow?.phases ?? {}).map(([name, { title = "" }]) =>
        offer("phase", name, title),
      );
    case "depends_on":
      return (around?.siblings ?? [])
        .filter(({ id }) => id !== "" && id !== around?.step?.id)
        .map(({ id, kind, name = "" }) => offer("step", id, kind, name));
    case "target":
      return [...(around?.earlier ?? []), ...(around?.siblings ?? [])]
        .filter(({ id }) => id !== "" && id !== around?.step?.id)
        .map(({ id, kind, name = "" }) => offer("step", id, kind, name));
    case "agent":
    case "revise":
      return world.agents.map(({ name, description }) =>
        offer("agent", name, "agent", description, quoted(name)),
      );
    case "tool":
      return world.tools.map(({ name, description }) => offer("tool", name, "tool", description));
    case "worker":
      return world.workers.map(({ name, url }) => offer("worker", name, url ?? "has no address"));
    default:
      return [];
  }
}

/** The part of a completion that says where it goes. */
export function replacing(
  { start, end }: Pick<Cursor, "start" | "end">,
  kind: CompletionKind,
  label: string,
  insert = label,
): Pick<Completion, "label" | "kind" | "insert" | "start" | "end"> {
  return { label, kind, insert, start, end };
}

/** Whether a text of this shape may hold templates, or is an expression as a whole. */
function templateKind(shape: Shape): "template" | "expression" | undefined {
  switch (shape.type) {
    case "template":
    case "expression":
      return shape.type;
    case "json":
    case "duration":
      return shape.type === "json" ? shape.templates && "template" : shape.template && "template";
    case "either":
      return shape.scalar && templateKind(shape.scalar);
    default:
      return undefined;
  }
}

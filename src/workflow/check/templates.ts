/**
 * Finds every template of a value by its shape, and compiles it.
 * Owns which texts are templates and where their parts stand; what the names mean is for `names`.
 */
import { type Reference, references } from "../../expression/references.ts";
import {
  compileExpression,
  compileTemplate,
  type ExpressionError,
} from "../../expression/template.ts";
import { isList, isObject, type Json } from "../../util/json.ts";
import type { DocumentPath, Range } from "../diagnostic.ts";
import type { Edit } from "../edit.ts";
import { replaceBy } from "../mend/fixes.ts";
import { callsSecret, withoutSecrets } from "../read/secret.ts";
import { COMMON_FIELDS } from "../schema/commonFields.ts";
import { type Fields, fieldOf, type Shape } from "../schema/shape.ts";
import { STEP_KINDS } from "../schema/stepKinds.ts";
import type { Step } from "../workflow.ts";
import type { Checking } from "./checking.ts";

export interface FoundTemplate {
  readonly path: DocumentPath;
  readonly text: string;
  /** `text` marks a value in which templates are not rendered. */
  readonly kind: "template" | "expression" | "text";
  /** It may hold references to secrets. */
  readonly secrets?: true;
}

export interface FoundReference extends Reference {
  /** The root and the first `parts` of the path, in the file. */
  rangeOf(parts: number): Range;
  /** Replaces the root and the first `parts` of the path. */
  replace(parts: number, by: string): Edit | undefined;
}

/** Every text of a step that may hold a template, its inner lists left out. */
export function templatesOfStep(step: Step, path: DocumentPath): FoundTemplate[] {
  const fields: Fields = { ...COMMON_FIELDS, ...STEP_KINDS[step.kind]?.fields };
  const found: FoundTemplate[] = [];
  for (const [key, value] of Object.entries(step)) {
    const field = fieldOf(fields, key);
    if (field) collect(value, field.shape, [...path, key], found);
  }
  return found;
}

/** Every text of a value of a shape. */
export function templatesOf(value: Json, shape: Shape, path: DocumentPath): FoundTemplate[] {
  const found: FoundTemplate[] = [];
  collect(value, shape, path, found);
  return found;
}

/** What a template reads, each with its place in the file; every fault in it is reported. */
export function readsOf(checking: Checking, found: FoundTemplate): FoundReference[] {
  const { path, kind } = found;
  if (kind === "text") {
    reportUnrendered(checking, found);
    return [];
  }
  const text = found.secrets ? withoutSecrets(found.text) : found.text;
  if (callsSecret(text)) {
    reportSecret(checking, found);
    return [];
  }
  // A bare expression was wrapped when it was read; as written, its offsets are those of the file.
  const written = kind === "expression" ? (checking.source.scalar(path) ?? text) : text;
  const compiled = kind === "expression" ? compileExpression(written) : compileTemplate(text);
  if (!compiled.ok) for (const error of compiled.errors) reportFault(checking, path, error);
  const template = compiled.ok ? compiled.template : compiled.draft;
  return template === undefined
    ? []
    : references(template).map((reference) => inFile(checking, path, reference));
}

function inFile(checking: Checking, path: DocumentPath, reference: Reference): FoundReference {
  const { start, rootRange, ends } = reference;
  const place = (parts: number) =>
    parts === 0 ? rootRange : { start, end: ends[parts - 1] ?? rootRange.end };
  const { source } = checking;
  return {
    ...reference,
    rangeOf: (parts) => source.within(path, place(parts).start, place(parts).end),
    replace: (parts, by) =>
      source.edits.replaceWithin(path, place(parts).start, place(parts).end, by),
  };
}

function reportFault(
  { source, report }: Checking,
  path: DocumentPath,
  error: ExpressionError,
): void {
  const { message, start, end, suggestion } = error;
  const fix =
    suggestion === undefined
      ? undefined
      : replaceBy(suggestion, source.edits.replaceWithin(path, start, end, suggestion));
  const at = source.within(path, start, end);
  report({ at, code: "expression", message: bare(message), suggestion, fix });
}

function reportSecret(checking: Checking, { path, secrets }: FoundTemplate): void {
  const message = secrets
    ? "A secret stands alone, as `{{ secret('NAME') }}`: its value is put in after everything else, where no filter and no expression can reach it."
    : "`secret()` is only allowed in `env`, `headers` and the configuration of servers: its value must not come into state, prompts or results. Give it to a command through `env`, to a request through `headers`.";
  checking.report({ at: path, code: secrets ? "secret-form" : "secret-outside", message });
}

/** Warns of a text that looks like a template where none is rendered. */
export function reportUnrendered(
  checking: Checking,
  { path, text }: Pick<FoundTemplate, "path" | "text">,
): void {
  if (!text.includes("{{")) return;
  const field = path.findLast((part) => typeof part === "string");
  const message = `Templates are not rendered in \`${field}\`; this text stays as it is.`;
  checking.report({ at: path, severity: "warning", code: "no-template-here", message });
}

/** Without the suggestion that some messages end with: it has its own place in a diagnostic. */
function bare(message: string): string {
  return message.replace(/ Did you mean `[^`]*`\?$/, "");
}

function collect(
  value: Json | undefined,
  shape: Shape,
  path: DocumentPath,
  found: FoundTemplate[],
): void {
  if (value === undefined || shape.type === "steps") return;
  if (typeof value === "string") {
    const kind = kindOfText(shape);
    const secrets = shape.type === "template" && shape.secrets ? { secrets: true as const } : {};
    if (kind && value.includes("{")) found.push({ path, text: value, kind, ...secrets });
  } else if (isList(value)) {
    const inner = innerShape(shape, "list");
    if (inner)
      value.forEach((item, index) => {
        collect(item, inner, [...path, index], found);
      });
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      const inner = innerShape(shape, "map", key);
      if (inner) collect(child, inner, [...path, key], found);
    }
  }
}

function kindOfText(shape: Shape): FoundTemplate["kind"] | undefined {
  switch (shape.type) {
    case "template":
    case "expression":
    case "text":
      return shape.type;
    case "json":
      return shape.templates && "template";
    case "duration":
      return shape.template && "template";
    case "either":
      return shape.scalar && kindOfText(shape.scalar);
    default:
      return undefined;
  }
}

/** The shape of what is inside a list or under a key of a mapping. */
function innerShape(shape: Shape, kind: "list" | "map", key = ""): Shape | undefined {
  switch (shape.type) {
    case "json":
      return shape;
    case "object":
      return shape.templates && { type: "json", templates: true };
    case "list":
    case "map":
      return shape.of;
    case "record":
      return fieldOf(shape.fields, key)?.shape;
    case "either": {
      const chosen = kind === "list" ? shape.list : shape.map;
      return chosen && innerShape(chosen, kind, key);
    }
    default:
      return undefined;
  }
}

/**
 * What may be written at a place of a workflow file, by the language's own tables.
 * Owns the walk from the root to a place; a step's type is read from the document as it goes.
 */
import { type Document, isScalar } from "yaml";
import type { DocumentPath } from "../workflow/diagnostic.ts";
import { COMMON_FIELDS } from "../workflow/schema/commonFields.ts";
import { FILE_FIELDS } from "../workflow/schema/fileFields.ts";
import { INPUT_FIELDS } from "../workflow/schema/inputFields.ts";
import { choice, type Field, type Fields, fieldOf, type Shape } from "../workflow/schema/shape.ts";
import { STEP_KINDS } from "../workflow/schema/stepKinds.ts";

/** A place with its shape, and the field that it is the value of, where it is one. */
export interface ShapedPlace {
  readonly shape: Shape;
  readonly field?: Field;
  /** Path and type of the innermost step around it, itself included. */
  readonly step?: { readonly path: DocumentPath; readonly type: string };
}

const ROOT: ShapedPlace = { shape: { type: "record", title: "the workflow", fields: FILE_FIELDS } };

/** The shape of the value at a path; undefined where the language knows nothing of it. */
export function shapeAt(document: Document, path: DocumentPath): ShapedPlace | undefined {
  let place: ShapedPlace | undefined = ROOT;
  for (const [depth, segment] of path.entries()) {
    place = place && inside(document, place, path.slice(0, depth), segment);
  }
  return place;
}

/** The keys that a mapping of a shape may have; undefined where its keys are free. */
export function fieldsOf(place: ShapedPlace, document: Document): Fields | undefined {
  const { shape, step } = place;
  switch (shape.type) {
    case "record":
      return shape.fields;
    case "input":
      return INPUT_FIELDS;
    case "either":
      return shape.map && fieldsOf({ ...place, shape: shape.map }, document);
    default:
      return step && shape === STEP ? stepFields(step.type) : undefined;
  }
}

/** Stands for one step; its fields depend on its type. */
const STEP: Shape = { type: "object" };

/** Types of steps that can be used, each a value of `type`. */
export const STEP_TYPES: readonly string[] = Object.keys(STEP_KINDS);

function stepFields(type: string): Fields {
  const own = Object.hasOwn(STEP_KINDS, type) ? STEP_KINDS[type]?.fields : undefined;
  const { type: known, ...common } = COMMON_FIELDS;
  if (!known) return common;
  return { ...common, type: { ...known, shape: choice(...STEP_TYPES) }, ...own };
}

function inside(
  document: Document,
  place: ShapedPlace,
  path: DocumentPath,
  segment: string | number,
): ShapedPlace | undefined {
  const { shape, step } = place;
  const of = (inner: Shape | undefined, field?: Field): ShapedPlace | undefined =>
    inner && { shape: inner, ...(field && { field }), ...(step && { step }) };
  const key = String(segment);
  switch (shape.type) {
    case "steps": {
      const at = [...path, segment];
      return { shape: STEP, step: { path: at, type: textAt(document, [...at, "type"]) } };
    }
    case "list":
    case "map":
      return of(shape.of);
    case "either":
      return inside(document, withShape(place, chosen(shape, segment)), path, segment);
    case "json":
      return of(shape);
    default: {
      const field = fieldOf(fieldsOf(place, document) ?? {}, key);
      if (field) return of(field.shape, field);
      return shape.type === "object" && shape !== STEP ? of(freeShape(shape)) : undefined;
    }
  }
}

function withShape(place: ShapedPlace, shape: Shape | undefined): ShapedPlace {
  return { ...place, shape: shape ?? { type: "text" } };
}

function chosen(
  shape: Extract<Shape, { type: "either" }>,
  segment: string | number,
): Shape | undefined {
  return typeof segment === "number" ? shape.list : shape.map;
}

function freeShape(shape: Extract<Shape, { type: "object" }>): Shape {
  return shape.templates ? { type: "json", templates: true } : { type: "json" };
}

function textAt(document: Document, path: DocumentPath): string {
  const node = document.getIn([...path], true);
  return isScalar(node) ? String(node.value) : "";
}

/**
 * The keys of an input's definition and of its rules; prompts share the rules.
 */
import {
  anything,
  boolean,
  choice,
  count,
  type Fields,
  NAME,
  type Shape,
  structure,
  template,
  text,
} from "./shape.ts";

const type = choice("string", "number", "boolean", "array", "object");
const number: Shape = { type: "number" };

export const RULES: Shape = {
  type: "record",
  title: "validation",
  fields: {
    pattern: {
      shape: { type: "pattern" },
      doc: "Regular expression (RE2 syntax) that must match somewhere in the text; anchor it with `^` and `$`.",
    },
    min_length: { shape: count, doc: "Least number of characters." },
    max_length: { shape: count, doc: "Greatest number of characters." },
    enum: { shape: { type: "list", of: anything, min: 1 }, doc: "The only values allowed." },
    min: { shape: number, doc: "Least number, itself allowed." },
    max: { shape: number, doc: "Greatest number, itself allowed." },
    min_items: { shape: count, doc: "Least length of a list." },
    max_items: { shape: count, doc: "Greatest length of a list." },
    item_type: { shape: type, doc: "Type of every item of a list." },
    required_keys: { shape: { type: "list", of: text }, doc: "Keys that an object must have." },
    properties: {
      shape: { type: "map", of: { type: "input" }, names: NAME },
      doc: "Keys of an object, each defined like an input.",
    },
  },
};

export const INPUT_FIELDS: Fields = {
  type: { shape: type, required: true, doc: "Type of the value." },
  required: { shape: boolean, doc: "True: a run cannot start without it." },
  default: { shape: anything, doc: "Value when none is given." },
  description: { shape: text, doc: "One line that tells a person what to enter." },
  validation: { shape: RULES, doc: "Rules that a value must keep." },
};

/** What a form asks for: fields like inputs, whose texts may hold templates. */
export const FORM_FIELDS: Shape = {
  type: "map",
  names: NAME,
  of: {
    type: "record",
    title: "field",
    fields: {
      ...INPUT_FIELDS,
      required: { shape: boolean, doc: "True: the form cannot be sent without it." },
      default: {
        shape: structure,
        doc: "Value that is offered, and sent when nothing else is given.",
      },
      description: { shape: template, doc: "One line that tells a person what to enter." },
      label: { shape: template, doc: "What people read instead of the field's name." },
    },
  },
};

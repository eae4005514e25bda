/**
 * The keys of a gate and of its command check.
 */
import { agent, boolean, choice, expression, type Shape, template, words } from "./shape.ts";

const CATEGORY = choice(
  "coverage",
  "test_pass_rate",
  "security",
  "vulnerabilities",
  "lint",
  "formatting",
  "type_safety",
  "documentation",
  "performance",
  "memory",
  "complexity",
  "duplication",
  "dependencies",
  "accessibility",
  "licence",
  "build",
  "api_compatibility",
  "requirements",
);

/** A command, a schema, or an agent with criteria: exactly one of them, which a table cannot say. */
const CHECK: Shape = {
  type: "record",
  title: "check",
  fields: {
    command: {
      shape: { type: "either", scalar: template, list: { type: "list", of: template, min: 1 } },
      doc: "Command whose exit code or output is checked.",
    },
    pass: {
      shape: { type: "number", integer: true, min: 0, max: 255 },
      doc: "Exit code of a pass; 0 unless said.",
    },
    metric: {
      shape: { type: "pattern" },
      doc: "Regular expression that finds a number in the output; its first group, or the whole match.",
    },
    expect: {
      shape: {
        type: "text",
        scalar: true,
        rule: {
          pattern:
            /^\s*((>=|<=|>|<|==|!=)?\s*-?\d+(\.\d+)?\s*(%|\/\s*\d+(\.\d+)?)?|required|acceptable|true)\s*$/,
          expected:
            'a number, a comparison such as ">= 90", "<= 5", "== 0", "95%" or ">= 90/100", or one of required, acceptable, true',
        },
      },
      doc: "What the metric must be: a number or `95%` means at least; `required`: found, and not a no; `acceptable`: anything; `true`: a yes.",
    },
    required: { shape: boolean, doc: "True: a missing metric fails the gate." },
    schema: {
      shape: { type: "object", schema: true },
      doc: "JSON schema that the output must fit.",
    },
    agent: { shape: agent, doc: "Agent that judges the output, with evidence." },
    criteria: { shape: template, doc: "What the agent judges by." },
  },
};

export const GATE_LIST: Shape = {
  type: "list",
  min: 1,
  of: {
    type: "record",
    title: "gate",
    fields: {
      name: { shape: words, required: true, doc: "Name of the gate." },
      category: { shape: CATEGORY, doc: "What the gate is about; reports group by it." },
      check: {
        shape: { type: "either", scalar: expression, map: CHECK },
        required: true,
        doc: "An expression over `output`, `state` and `files`, or a command, a schema, or an agent.",
      },
      severity: {
        shape: choice("fail", "warn"),
        default: "fail",
        doc: "`warn` never blocks.",
      },
    },
  },
};

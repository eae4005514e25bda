/**
 * The keys of a workflow file and of its inner tasks.
 */
import {
  boolean,
  choice,
  duration,
  expression,
  type Fields,
  NAME,
  type Shape,
  STEP_ID,
  steps,
  text,
  upTo,
} from "./shape.ts";

const inputs: Shape = { type: "map", of: { type: "input" }, names: NAME };
const state: Shape = { type: "object", templates: true, names: NAME };

const BODY_FIELDS: Fields = {
  inputs: { shape: inputs, default: {}, doc: "What it is given: name to definition." },
  initial_state: {
    shape: state,
    default: {},
    doc: "State fields and their first values; texts may be templates over `inputs`.",
  },
  steps: { shape: steps, required: true, doc: "The steps, in order." },
};

const LIMITS: Shape = {
  type: "record",
  title: "limits",
  fields: {
    timeout: {
      shape: duration,
      doc: "Longest time of a run; time spent waiting for people does not count.",
    },
    max_steps: { shape: upTo(10_000_000), doc: "Most tasks of a run (100,000)." },
    max_iterations: {
      shape: upTo(100_000),
      doc: "Most turns of a `while` and jumps of a `goto` (100).",
    },
    max_parallel: {
      shape: upTo(1000),
      doc: "Most attempts that execute at once (10); the others wait for their turn.",
    },
    max_depth: { shape: upTo(30), doc: "Deepest nesting of sub-workflows (5)." },
    max_calls: { shape: upTo(1000), doc: "Most agent calls of a task (8)." },
    max_state_bytes: {
      shape: upTo(1_073_741_824),
      doc: "Largest state, in bytes of JSON (1,048,576).",
    },
    tokens: { shape: upTo(1_000_000_000_000), doc: "Most tokens of a run." },
    cost_usd: { shape: { type: "number", min: 0 }, doc: "Most money of a run, in US dollars." },
    budget_mode: {
      shape: choice("enforce", "audit"),
      doc: "When `tokens` or `cost_usd` are used up: `enforce` (as without it) ends the run before its next attempt, `audit` records it.",
    },
  },
};

const PHASE: Shape = {
  type: "record",
  title: "phase",
  fields: {
    title: { shape: text, doc: "Title for people." },
    estimate: { shape: duration, doc: "Planned duration." },
  },
};

/** `success_criteria`: the file's own check and the reader share it. */
export const CRITERIA: Shape = { type: "list", of: expression };

const EXECUTION: Shape = {
  type: "record",
  title: "execution",
  fields: {
    mode: {
      shape: choice("sequential", "parallel", "dependency-driven"),
      default: "sequential",
      doc: "One after the other, all at once, or each as soon as what it `depends_on` is done.",
    },
    parallel_limit: { shape: upTo(1000), doc: "Most steps at once (10)." },
    timeout: { shape: duration, doc: "Longest time of a run, as `limits.timeout`." },
  },
};

export const TASK: Shape = { type: "record", title: "task", fields: BODY_FIELDS };

export const FILE_FIELDS: Fields = {
  name: {
    shape: {
      type: "text",
      rule: {
        pattern: /^[a-z0-9][a-z0-9_-]*(:[a-z0-9][a-z0-9_-]*)?$/,
        expected: "`name` or `namespace:name` of lower-case letters, digits, `-` and `_`",
      },
    },
    required: true,
    doc: "Name of the workflow: `name` or `namespace:name`.",
  },
  version: {
    shape: {
      type: "text",
      rule: {
        pattern: /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
        expected: "a semantic version such as 1.0.0",
      },
    },
    required: true,
    doc: "Semantic version.",
  },
  description: { shape: text, default: "", doc: "One line for lists." },
  ...BODY_FIELDS,
  tasks: {
    shape: { type: "map", of: TASK, names: STEP_ID },
    default: {},
    doc: "Sub-tasks of this file, for `foreach` and `workflow`.",
  },
  execution: { shape: EXECUTION, doc: "How the top-level steps are run." },
  phases: {
    shape: { type: "map", of: PHASE, names: STEP_ID },
    default: {},
    doc: "Phases by which timelines and reports group the steps.",
  },
  agents: {
    shape: {
      type: "map",
      of: { type: "object" },
      names: { pattern: /^@?[A-Za-z0-9][A-Za-z0-9._-]*$/, expected: "an agent's name" },
    },
    default: {},
    doc: "Settings of agents that override the catalogue's in this file; a workflow that it calls has its own.",
  },
  limits: { shape: LIMITS, default: {}, doc: "Limits of a run." },
  on_failure: {
    shape: choice("keep", "compensate"),
    doc: "`keep` (as without it): a failed run keeps what it did, for a retry; `compensate`: the `on_cancel` steps of what it did run first.",
  },
  success_criteria: {
    shape: CRITERIA,
    doc: "Expressions over `run` {status, duration (seconds), gates {passed, failed, warned, total, pass_rate}, tasks {total, done, failed, skipped, cancelled, rejected}, tokens, cost_usd}, looked at once when the run ends.",
  },
  strict: { shape: boolean, doc: "False for the legacy dialect." },
  metadata: { shape: { type: "object" }, default: {}, doc: "Anything." },
};

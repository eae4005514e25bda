/**
 * The keys that every step has, whatever its type.
 */
import { GATE_LIST } from "./gateFields.ts";
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

/** What `retry_on` and `non_retryable` may name: the failures of an attempt after which another may do better. */
const FAILURES: Shape = {
  type: "list",
  of: choice(
    "timeout",
    "agent_error",
    "tool_error",
    "invalid_output",
    "network",
    "command_failed",
    "gate_failed",
    "agent_unavailable",
    "tool_unavailable",
  ),
};

export const RETRY: Shape = {
  type: "record",
  title: "retry",
  fields: {
    max_attempts: { shape: upTo(100), default: 3, doc: "Attempts in all, the first one included." },
    backoff: {
      shape: choice("fixed", "linear", "exponential"),
      default: "exponential",
      doc: "How the delay grows from attempt to attempt.",
    },
    delay: { shape: duration, default: 1000, doc: "Time before the second attempt." },
    max_delay: { shape: duration, doc: "The delay grows no further than this." },
    jitter: {
      shape: { type: "number", min: 0, max: 1 },
      doc: "Share of the delay, 0 to 1, that is drawn at random.",
    },
    retry_on: {
      shape: FAILURES,
      doc: "Only these failures are tried again. Without it: all but `agent_unavailable` and `tool_unavailable`, which mean that something is not installed, not running or not logged in.",
    },
    non_retryable: { shape: FAILURES, doc: "These failures are never tried again." },
  },
};

const FIELD_PATHS: Shape = {
  type: "list",
  of: {
    type: "text",
    rule: {
      pattern: /^(\*|[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_][A-Za-z0-9_-]*)*)$/,
      expected: 'a state field, a path such as `plan.title`, or "*"',
    },
  },
};

export const COMMON_FIELDS: Fields = {
  id: {
    shape: { type: "text", rule: STEP_ID },
    required: true,
    doc: "Name of the step, unique in its list; other steps reach its result as `steps.<id>`.",
  },
  type: { shape: text, required: true, doc: "What the step does." },
  name: { shape: text, doc: "Title for people." },
  phase: {
    shape: text,
    doc: "Phase of the file's `phases` under which timelines and reports group it.",
  },
  when: { shape: expression, doc: "The step is skipped unless this is true." },
  needs_state: {
    shape: FIELD_PATHS,
    doc: 'State fields that the step\'s own expressions may read; `[]` none, `["*"]` or absent: all.',
  },
  output_to: { shape: { type: "text", rule: NAME }, doc: "State field that receives the result." },
  effects: {
    shape: choice("repeatable", "once"),
    doc: "May an attempt with an unknown outcome simply be made again (`repeatable`), or must a person decide (`once`)?",
  },
  depends_on: {
    shape: { type: "list", of: { type: "text", rule: STEP_ID } },
    doc: "In a graph: ids of the steps that must be done first.",
  },
  blocked_timeout: {
    shape: duration,
    doc: "In a graph: longest wait for what it depends on, from the graph's beginning; then it fails.",
  },
  timeout: { shape: duration, doc: "Longest time of one attempt." },
  idle_timeout: {
    shape: duration,
    doc: "Longest silence of an attempt: without output or a sign of progress for so long, it is stopped.",
  },
  total_timeout: {
    shape: duration,
    doc: "Longest time of the task, all its attempts included; time spent waiting for people does not count.",
  },
  retry: { shape: RETRY, doc: "When and how often a failed attempt is made again." },
  on_error: {
    shape: { type: "either", scalar: choice("fail", "continue"), list: steps },
    doc: "`fail` (as without it), `continue` with `{error}` as the result, or steps that give the result instead.",
  },
  on_cancel: {
    shape: steps,
    doc: "Steps that undo this one when the run is cancelled after it. They read `task` {path, inputs, known, output} and the state as it is then, and ask nobody.",
  },
  gates: { shape: GATE_LIST, doc: "Quality gates over the step's output: recorded, and counted." },
  enforce: { shape: boolean, doc: "True: a failed gate of severity `fail` fails the step." },
  estimate: { shape: duration, doc: "Planned duration, for planned against actual." },
  breakpoint: {
    shape: choice("before", "after"),
    doc: "Every run stops here and waits for a person.",
  },
};

/** Steps with an outside effect: what `retry` and `effects` are about. */
export const ACTIVITIES: ReadonlySet<string> = new Set([
  "delegate",
  "mcp_call",
  "shell",
  "http",
  "worker_call",
  "plan",
  "gate",
]);

/** Steps made of steps: `retry` on them is an error, because what is inside retries. */
export const CONTAINERS: ReadonlySet<string> = new Set([
  "condition",
  "foreach",
  "parallel",
  "graph",
  "while",
  "workflow",
]);

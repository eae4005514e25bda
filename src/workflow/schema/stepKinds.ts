/**
 * Every type of step and the keys that only it has.
 * The one source for the reader, the validator's list of templates, the JSON schema and the editor's help.
 */
import { HTTP, WORKER_CALL } from "./callKinds.ts";
import { CONTEXT } from "./contextFields.ts";
import { GATE_LIST } from "./gateFields.ts";
import { FORM_FIELDS, RULES } from "./inputFields.ts";
import { ISOLATION } from "./isolationFields.ts";
import { PLAN } from "./planKind.ts";
import {
  agent,
  boolean,
  choice,
  duration,
  expression,
  NAME,
  type Shape,
  STEP_ID,
  type StepKindDefinition,
  steps,
  structure,
  template,
  text,
  upTo,
} from "./shape.ts";
import { SUPERVISE, SUPERVISE_DOC } from "./superviseFields.ts";

const values: Shape = { type: "object", templates: true };
const mode: Shape = {
  type: "either",
  scalar: choice("all", "continue", "first_success"),
  map: {
    type: "record",
    title: "mode",
    fields: {
      quorum: { shape: upTo(1000), required: true, doc: "So many successes are enough." },
    },
  },
};
const MODES =
  "`all`: the first failure begins nothing more and fails it; `continue`: a failed one's result is {error}; " +
  "`first_success` and `quorum: n`: so many successes end it, and the rest is cancelled.";
const branches: Shape = {
  type: "list",
  min: 1,
  of: {
    type: "record",
    title: "branch",
    fields: {
      id: { shape: { type: "text", rule: NAME }, required: true, doc: "Name of the branch." },
      steps: { shape: steps, required: true, doc: "Steps of the branch, in order." },
    },
  },
};

export const STEP_KINDS: Readonly<Record<string, StepKindDefinition>> = {
  prompt: {
    doc: "Asks a person and waits for the answer.",
    result:
      "info {acknowledged}, confirm {confirmed}, text {input}, choice {selected}, form {its fields}; and {answered_by, answered_at}",
    fields: {
      message: { shape: template, required: true, doc: "What the person reads; Markdown." },
      input: {
        shape: choice("info", "confirm", "text", "choice", "form"),
        default: "info",
        doc: "Kind of answer.",
      },
      options: {
        shape: { type: "either", scalar: expression, list: structure },
        doc: "Choices of a `choice`: a list, or an expression that gives one.",
      },
      validation: { shape: RULES, doc: "Rules that the answer must keep." },
      default: { shape: structure, doc: "Answer that is offered." },
      fields: { shape: FORM_FIELDS, doc: "What a `form` asks for: name to definition, in order." },
      on_timeout: {
        shape: choice("escalate", "fail"),
        doc: "What happens when nobody answers within `timeout`.",
      },
    },
  },
  approve: {
    doc: "Shows a plan and waits until a person approves or rejects it.",
    result:
      "{approved, plan (the text approved), comments [{line, end_line, text}], version, hash (of that text), reason (of a rejection), revision (what the steps of `revise` came to, the last time they ran), answered_by, answered_at}",
    fields: {
      plan: { shape: template, required: true, doc: "The plan; Markdown." },
      title: { shape: template, doc: "Title of the plan." },
      allow: {
        shape: { type: "list", of: choice("edit", "comment", "partial") },
        default: ["edit", "comment", "partial"],
        doc: "What the person may do besides approving and rejecting.",
      },
      revise: {
        shape: { type: "either", scalar: agent, list: steps },
        doc: "Who answers comments with the next version: an agent, or steps.",
      },
      max_rounds: { shape: upTo(50), default: 5, doc: "Most versions that are shown." },
      on_reject: {
        shape: steps,
        doc: "Steps after a rejection; without them it fails the run as Rejected.",
      },
    },
  },
  set_state: {
    doc: "Writes state fields; every update is computed in order, all are applied at once.",
    result: "the updated fields",
    fields: {
      updates: {
        shape: { type: "object", templates: true, names: NAME },
        required: true,
        doc: "Field to value; texts may be templates.",
      },
    },
  },
  condition: {
    doc: "Runs one of two lists of steps.",
    result: "{branch}",
    fields: {
      if: { shape: expression, required: true, doc: "Chooses `then` when true, `else` otherwise." },
      then: { shape: steps, required: true, doc: "Steps when true." },
      else: { shape: steps, default: [], doc: "Steps when not." },
    },
  },
  foreach: {
    doc: "Runs a task, or steps, for every item of a list, in parallel unless `sequential`.",
    result: "the items' results, in the items' order",
    fields: {
      items: {
        shape: { type: "either", scalar: expression, list: structure },
        required: true,
        doc: "The items: an expression that gives a list, or a list.",
      },
      task: {
        shape: { type: "body" },
        doc: "Task of this file, or workflow, that runs for each item.",
      },
      steps: { shape: steps, doc: "Steps that run for each item, instead of `task`." },
      inputs: { shape: values, doc: "Inputs of the task; may use `item` and `loop`." },
      agent: { shape: agent, doc: "Agent of the delegate steps inside that name none." },
      supervise: { shape: SUPERVISE, doc: `${SUPERVISE_DOC} For the delegate steps inside.` },
      sequential: { shape: boolean, default: false, doc: "True: one item after the other." },
      max_parallel: { shape: upTo(1000), default: 10, doc: "Most items at once." },
      mode: { shape: mode, default: "all", doc: MODES },
      key: {
        shape: expression,
        doc: "Expression over `item` that names it for people; no two items may have one name.",
      },
    },
  },
  parallel: {
    doc: "Runs branches at once.",
    result: "{branch id: result}",
    fields: {
      branches: { shape: branches, required: true, doc: "The branches, each {id, steps}." },
      max_parallel: { shape: upTo(1000), default: 10, doc: "Most branches at once." },
      mode: { shape: mode, default: "all", doc: MODES },
    },
  },
  graph: {
    doc: "Runs every step as soon as the steps that it depends on are done.",
    result: "{step id: result}",
    fields: {
      steps: { shape: steps, required: true, doc: "The steps; `depends_on` orders them." },
      max_parallel: { shape: upTo(1000), default: 10, doc: "Most steps at once." },
    },
  },
  while: {
    doc: "Repeats steps as long as a condition is true, which is looked at before each turn.",
    result: "{iterations}",
    fields: {
      condition: { shape: expression, required: true, doc: "Another turn begins when true." },
      steps: { shape: steps, required: true, doc: "Steps of a turn, in order." },
      max_iterations: {
        shape: upTo(100_000),
        doc: "Most turns, after which it fails; never more than `limits.max_iterations` (100).",
      },
    },
  },
  goto: {
    doc: "Goes on at another step of its own list, or of a list around it; that and every step after it are visited anew.",
    result: "",
    fields: {
      target: {
        shape: { type: "text", rule: STEP_ID },
        required: true,
        doc: "Id of the step. On the way there it leaves no item, branch, graph, task or workflow.",
      },
      max_iterations: {
        shape: upTo(100_000),
        doc: "Most jumps, after which it fails; never more than `limits.max_iterations` (100).",
      },
    },
  },
  break: { doc: "Leaves the `while` or sequential `foreach` around it.", result: "", fields: {} },
  continue: {
    doc: "Ends this turn of the `while`, or this item of the sequential `foreach`, around it.",
    result: "",
    fields: {},
  },
  workflow: {
    doc: "Runs another workflow as part of this run.",
    result: "the value it returns",
    fields: {
      workflow: { shape: { type: "body" }, required: true, doc: "Name or file of the workflow." },
      inputs: { shape: values, default: {}, doc: "Its inputs." },
    },
  },
  delegate: {
    doc: "Gives an agent a job and waits for its answer.",
    result:
      "{response, data (with output_schema), agent_used, tokens_used, cost_usd, files_changed}",
    fields: {
      instructions: { shape: template, required: true, doc: "What the agent is asked to do." },
      agent: {
        shape: agent,
        doc: "The agent; none: that of the foreach around it, else the default agent.",
      },
      output_schema: {
        shape: { type: "object", schema: true },
        doc: "JSON schema of the answer; the checked value is the result's `data`.",
      },
      supervise: { shape: SUPERVISE, doc: SUPERVISE_DOC },
      context: {
        shape: CONTEXT,
        doc: "What the agent is given beside its instructions: files, what was tried before, results.",
      },
      isolation: {
        shape: ISOLATION,
        doc: "`worktree`: the agent works in a git worktree of its own, and what it changed is merged once you approve its diff.",
      },
    },
  },
  mcp_call: {
    doc: "Calls a tool of an MCP server.",
    result: "the tool's structured content, or {content}",
    fields: {
      tool: {
        shape: {
          type: "text",
          rule: {
            pattern: /^[^\s.{}]+\.[^\s{}]+$/,
            expected: "`server.tool`, such as `memory.save`",
          },
        },
        required: true,
        doc: "`server.tool`.",
      },
      parameters: { shape: values, default: {}, doc: "Arguments of the tool." },
      timeout: { shape: duration, default: 30_000, doc: "Longest time of one call." },
    },
  },
  shell: {
    doc: "Runs a command.",
    result: "{stdout, stderr, exit_code, duration, truncated}",
    fields: {
      command: {
        shape: { type: "either", scalar: template, list: { type: "list", of: template, min: 1 } },
        required: true,
        doc: "A list is run as it is; a text goes through the shell, with every template's value quoted.",
      },
      cwd: { shape: template, doc: "Folder, relative to the workspace." },
      env: {
        shape: { type: "map", of: { type: "template", secrets: true }, names: NAME },
        doc: "Environment variables to add; `{{ secret('NAME') }}` is a secret that only the command gets to see.",
      },
      timeout: { shape: duration, default: 30_000, doc: "Longest time of the command." },
    },
  },
  gate: {
    doc: "Checks conditions that must hold; a failed gate of severity `fail` fails the step.",
    result: "{passed, failed, warned, results}",
    fields: { gates: { shape: GATE_LIST, required: true, doc: "The gates." } },
  },
  wait: {
    doc: "Waits for a while, until a time, or for a signal from outside.",
    result: "{waited}",
    fields: {
      duration: { shape: { type: "duration", template: true }, doc: "How long." },
      until: { shape: template, doc: "Until when: an ISO time, or seconds since 1970." },
      signal: { shape: text, doc: "Name of the signal from outside." },
    },
  },
  return: {
    doc: "Ends the task or workflow around it with a value.",
    result: "",
    fields: { value: { shape: structure, doc: "The value." } },
  },
  plan: PLAN,
  worker_call: WORKER_CALL,
  http: HTTP,
};

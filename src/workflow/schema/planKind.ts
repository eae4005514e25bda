/** The `plan` type of step, and the keys that only it has. */
import { RETRY } from "./commonFields.ts";
import type { StepKindDefinition } from "./shape.ts";
import { AGENT, agent, duration, type Shape, template, text, upTo } from "./shape.ts";

const WORKERS: Shape = {
  type: "list",
  min: 1,
  of: {
    type: "record",
    title: "worker",
    fields: {
      agent: { shape: { type: "text", rule: AGENT }, doc: "An agent." },
      tool: {
        shape: {
          type: "text",
          rule: {
            pattern: /^[^\s.{}]+\.[^\s{}]+$/,
            expected: "`server.tool`, such as `web.search`",
          },
        },
        doc: "A tool, as `server.tool`.",
      },
      worker: { shape: text, doc: "An HTTP worker of the settings, with its `operation`." },
      operation: { shape: text, doc: "The worker's operation." },
      description: { shape: text, doc: "What it does and what it takes, for who plans." },
      timeout: {
        shape: duration,
        doc: "Longest time of one of its tasks; 30 s unless said, and for agents as long as it takes.",
      },
    },
  },
};

export const PLAN: StepKindDefinition = {
  doc: "Lets an agent plan once (ReWOO): each step of the plan becomes a task, fed with the evidence of those before it, independent ones at once; an agent answers from all of it.",
  result: "{plan, evidence, answer}",
  fields: {
    goal: { shape: template, required: true, doc: "What is to be reached." },
    agent: {
      shape: agent,
      doc: "Who plans; none: that of the foreach around it, else the default agent.",
    },
    workers: {
      shape: WORKERS,
      required: true,
      doc: "Agents, tools and workers that a plan may use.",
    },
    solver: { shape: agent, doc: "Who answers from all evidence; none: who planned." },
    max_steps: { shape: upTo(100), default: 20, doc: "Steps of a plan at most." },
    max_parallel: { shape: upTo(1000), default: 10, doc: "Most steps of a plan at once." },
    retry: {
      shape: RETRY,
      default: { max_attempts: 3, backoff: "fixed", delay: 100 },
      doc: "When and how often it is planned anew; a plan that cannot be carried out is `invalid_output`.",
    },
  },
};

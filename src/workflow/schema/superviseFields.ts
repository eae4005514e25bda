/** The keys of `supervise`. */
import { SUPERVISION } from "../definition/supervision.ts";
import { agent, type Fields, type Shape, score, template, words } from "./shape.ts";

const { breakpoints } = SUPERVISION;
const quality = { threshold: SUPERVISION.quality.threshold };
const { weight } = SUPERVISION.confidence;

const QUALITY_FIELDS: Fields = {
  threshold: { shape: score, default: 70, doc: "Below it another iteration follows." },
  requirements: {
    shape: { type: "list", of: template },
    doc: "What the answer must meet, one thing each, beside what the instructions ask for.",
  },
  tests: {
    shape: { type: "either", scalar: template, list: { type: "list", of: template, min: 1 } },
    doc: "Command that tests what was made; it passes with exit code 0.",
  },
};

const confidenceFields = (threshold: number): Fields => ({
  threshold: { shape: score, default: threshold, doc: "Below it another iteration follows." },
  agent: { shape: agent, doc: "Agent whose own judgement is weighed in." },
  weight: {
    shape: { type: "number", min: 0, max: 1 },
    default: 0.4,
    doc: "How much that judgement counts, from 0 to 1.",
  },
});

const BREAKPOINT_FIELDS: Fields = {
  quality_too_low: { shape: score, default: 50, doc: "Below this quality a person decides." },
  low_confidence: { shape: score, default: 30, doc: "Below this confidence a person decides." },
};

const ESCALATION_FIELDS: Fields = {
  owner: { shape: words, doc: "Who is to decide." },
  priority: {
    shape: { type: "choice", values: ["low", "normal", "high", "urgent"] },
    default: "normal",
    doc: "Its place in the queue.",
  },
  reroute: {
    shape: { type: "list", of: agent },
    doc: "Agents that a person may give it to, beside those of the run.",
  },
  deadline: {
    shape: { type: "duration" },
    doc: "How long it may wait before it counts as overdue. Nothing is decided by itself.",
  },
};

function record(title: string, fields: Fields): Shape {
  return { type: "record", title, fields };
}

/** Supervision that is content with a confidence, from 0 to 100. */
const supervise = (threshold: number): Fields => ({
  max_iterations: {
    shape: { type: "number", integer: true, min: 1, max: 50 },
    default: 5,
    doc: "Most iterations, after which a person decides.",
  },
  iteration_timeout: {
    shape: { type: "duration" },
    default: 300_000,
    doc: "Longest time of one iteration's agent call.",
  },
  validator: {
    shape: {
      type: "text",
      rule: {
        pattern: /^(heuristic|@[A-Za-z0-9][A-Za-z0-9._-]*)$/,
        expected: "`heuristic`, or an agent's name with its `@`",
      },
    },
    default: "heuristic",
    doc: "Who says whether a response is one: rules without a model, or an agent.",
  },
  quality: {
    shape: record("quality", QUALITY_FIELDS),
    default: { ...quality },
    doc: "Complete, requirements met, correctness, tests: scored from 0 to 100.",
  },
  confidence: {
    shape: record("confidence", confidenceFields(threshold)),
    default: { threshold, weight },
    doc: "How far what was found bears the answer out, from 0 to 100.",
  },
  breakpoints: {
    shape: record("breakpoints", BREAKPOINT_FIELDS),
    default: { ...breakpoints },
    doc: "Scores below which it is escalated.",
  },
  clarify_limit: {
    shape: { type: "number", integer: true, min: 0, max: 20 },
    default: 2,
    doc: "Most questions about an unclear task.",
  },
  escalation: {
    shape: record("escalation", ESCALATION_FIELDS),
    default: { priority: "normal" },
    doc: "Whose an escalation is, how urgent, and until when.",
  },
});

export const SUPERVISE: Shape = record("supervise", supervise(SUPERVISION.confidence.threshold));

/** How sure a worker must be, from 0 to 100. */
export const WORKER_THRESHOLD = 70;

export const SUPERVISE_WORKER: Shape = record("supervise", supervise(WORKER_THRESHOLD));

export const SUPERVISE_DOC =
  "Watches the agent's answers: validated, checked, scored, then decided: proceed, another iteration, a question, or a person.";

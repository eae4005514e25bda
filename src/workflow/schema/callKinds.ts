/** The types of steps that call something over HTTP, and the keys that only they have. */

import type { StepKindDefinition } from "./shape.ts";
import { choice, duration, type Shape, score, structure, template, upTo } from "./shape.ts";
import { SUPERVISE_WORKER, WORKER_THRESHOLD } from "./superviseFields.ts";

const STATUS: Shape = {
  type: "text",
  rule: { pattern: /^[1-5](\d\d|xx)$/, expected: "a status such as 200, or a class such as 2xx" },
  scalar: true,
};

const HEADERS: Shape = {
  type: "map",
  of: { type: "template", secrets: true },
  names: { pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, expected: "the name of a header" },
};

export const HTTP: StepKindDefinition = {
  doc: "Makes one HTTP request.",
  result: "{status, headers, body}: the body as data when it is JSON, else as text",
  fields: {
    url: { shape: template, required: true, doc: "Address, with http:// or https://." },
    method: {
      shape: choice("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"),
      default: "GET",
      doc: "Method. After an unknown outcome GET, HEAD and OPTIONS are simply made again; for others a person is asked.",
    },
    headers: {
      shape: HEADERS,
      doc: "Headers; `{{ secret('NAME') }}` is a secret that only this request gets to carry, to its own origin.",
    },
    body: { shape: structure, doc: "A text goes as it is, anything else as JSON." },
    expect: {
      shape: {
        type: "record",
        title: "expect",
        fields: {
          status: {
            shape: { type: "either", scalar: STATUS, list: { type: "list", of: STATUS, min: 1 } },
            doc: "Statuses that are fine: `200`, `2xx`, or a list; 2xx unless said.",
          },
          schema: { shape: { type: "object", schema: true }, doc: "JSON schema of the body." },
        },
      },
      doc: "What the answer must be; anything else fails the step.",
    },
    timeout: { shape: duration, default: 30_000, doc: "Longest time of the request." },
  },
};

const CONFIDENCE: Shape = {
  type: "record",
  title: "confidence",
  fields: {
    threshold: {
      shape: score,
      default: WORKER_THRESHOLD,
      doc: "0 to 100: below it, when the worker does not say how sure it is, or when it asks for a person, the result is escalated. 0 takes any.",
    },
  },
};

export const WORKER_CALL: StepKindDefinition = {
  doc: "Gives an operation to an HTTP worker, after asking whether it is well.",
  result:
    "{operation_id, status, result, confidence (0 to 100), requires_human, execution_time_ms, tokens_used, metadata}",
  fields: {
    worker: {
      shape: template,
      required: true,
      doc: "A name of the settings' `workers`, or an address.",
    },
    operation: { shape: template, required: true, doc: "Name of the operation." },
    parameters: {
      shape: { type: "object", templates: true },
      default: {},
      doc: "Parameters of the operation.",
    },
    headers: {
      shape: HEADERS,
      doc: "Headers; `{{ secret('NAME') }}` is a secret that only this worker gets to see.",
    },
    priority: { shape: upTo(10), doc: "How urgent it is, 1 to 10; told to the worker." },
    confidence: {
      shape: CONFIDENCE,
      doc: "How sure the worker must say it is, where the step is not supervised. Without it, an answer of which the worker says that it is less sure than 70 is escalated.",
    },
    supervise: {
      shape: SUPERVISE_WORKER,
      doc: "Watches the worker's answers: validated, checked, scored, then decided: proceed, another iteration, a question, or a person.",
    },
    timeout: { shape: duration, default: 30_000, doc: "Longest time of the call." },
  },
};

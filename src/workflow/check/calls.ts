/**
 * What a step calls: the inputs given to a task or workflow, agents, tools and their servers.
 */
import { isList, isObject, type Json } from "../../util/json.ts";
import { agentName } from "../agents/agentKey.ts";
import { agentNames } from "../agents/agentNames.ts";
import { closest } from "../closest.ts";
import { type HttpStep, LONGEST_OPERATION, type WorkerCallStep } from "../definition/callSteps.ts";
import type { InputDefinition } from "../definition/inputDefinition.ts";
import { type PlanStep, workerName } from "../definition/planStep.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { replaceBy } from "../mend/fixes.ts";
import { checkDefinition, TYPE_NAMES } from "../rules.ts";
import type { BodyRef, Step } from "../workflow.ts";
import { type Checking, oneOf } from "./checking.ts";

/** Checks what a step names outside itself, as far as it can be known. */
export function checkCalls(checking: Checking, step: Step, path: DocumentPath): void {
  for (const agent of agentNames(step)) checkAgent(checking, agent.name, [...path, ...agent.path]);
  switch (step.kind) {
    case "foreach":
      if (step.task) checkGiven(checking, step, step.task, [...path, "task"]);
      return;
    case "workflow":
      checkGiven(checking, step, step.workflow, [...path, "workflow"]);
      return;
    case "mcp_call":
      checkTool(checking, step.tool, [...path, "tool"]);
      return;
    case "http":
      checkAddress(checking, step.url, [...path, "url"]);
      checkBody(checking, step, path);
      return;
    case "plan":
      checkPlan(checking, step, path);
      return;
    case "worker_call":
      checkWorker(checking, step.worker, [...path, "worker"]);
      checkOneThreshold(checking, step, path);
      checkHour(checking, step.timeout, [...path, "timeout"]);
      return;
    default:
      return;
  }
}

/** Under supervision `supervise` says how sure a worker must be, and a second word on it would be read by nobody. */
function checkOneThreshold(
  checking: Checking,
  { supervise }: WorkerCallStep,
  path: DocumentPath,
): void {
  const at = [...path, "confidence"];
  if (!supervise || !checking.source.has(at)) return;
  const message =
    "A supervised `worker_call` takes its threshold from `supervise`: put it there, under `confidence`.";
  checking.report({ at, part: "key", code: "two-thresholds", message });
}

/** A worker that knows its contract refuses to work longer. */
function checkHour(checking: Checking, timeout: number | undefined, at: DocumentPath): void {
  if (timeout === undefined || timeout <= LONGEST_OPERATION) return;
  const message = "A worker takes an hour for an operation at most. Give it less, or divide it.";
  checking.report({ at, code: "out-of-range", message });
}

function checkGiven(
  checking: Checking,
  step: Extract<Step, { kind: "foreach" | "workflow" }>,
  body: BodyRef,
  path: DocumentPath,
): void {
  const definitions = checking.target(body)?.inputs;
  if (!definitions) return;
  const given = step.inputs ?? {};
  const inputsPath = [...path.slice(0, -1), "inputs"];
  const names = Object.keys(definitions);
  for (const [name, value] of Object.entries(given)) {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition) checkValue(checking, name, value, definition, [...inputsPath, name]);
    else {
      checking.report({
        at: [...inputsPath, name],
        part: "key",
        code: "unknown-input",
        message: `\`${body.name}\` has no input \`${name}\`.`,
        expected: oneOf(names, "no inputs"),
        suggestion: closest(name, names),
      });
    }
  }
  for (const [name, definition] of Object.entries(definitions)) {
    if (!definition.required || definition.default !== undefined || Object.hasOwn(given, name))
      continue;
    const message = `\`${body.name}\` requires the input \`${name}\`. Give it under \`inputs\`.`;
    checking.report({
      at: path,
      code: "missing-input",
      message,
      expected: TYPE_NAMES[definition.type],
    });
  }
}

/** A value is checked as far as it is written out; a lone `{{ }}` can be anything. */
function checkValue(
  checking: Checking,
  name: string,
  value: Json,
  definition: InputDefinition,
  at: DocumentPath,
): void {
  if (value === null || (typeof value === "string" && /^\s*\{\{.*\}\}\s*$/s.test(value))) return;
  const known: InputDefinition = hasTemplate(value) ? { type: definition.type } : definition;
  for (const { path, message, expected, suggestion } of checkDefinition(known, value)) {
    checking.report({
      at,
      code: "wrong-input",
      message: `\`${name}${path}\`: ${message}`,
      expected,
      suggestion,
    });
  }
}

function hasTemplate(value: Json): boolean {
  if (typeof value === "string") return /\{[{%]/.test(value);
  if (isList(value)) return value.some(hasTemplate);
  return isObject(value) && Object.values(value).some(hasTemplate);
}

function checkAgent(checking: Checking, agent: string, at: DocumentPath): void {
  const catalogue = checking.lookups.agents;
  if (!catalogue) return;
  const known = [...catalogue, ...Object.keys(checking.workflow.agents)].map(agentName);
  if (known.includes(agent)) return;
  checking.report({
    at,
    code: "unknown-agent",
    message: `There is no agent \`${agent}\`.`,
    expected: oneOf(new Set(known), "an agent of the catalogue, which is empty"),
    suggestion: closest(agent, known),
  });
}

function checkTool(checking: Checking, tool: string, at: DocumentPath): void {
  const dot = tool.indexOf(".");
  if (dot <= 0) return;
  const refusal = checking.lookups.refusedTools?.get(tool);
  if (refusal !== undefined) {
    checking.report({ at, code: "refused-tool", message: refusal });
    return;
  }
  const server = tool.slice(0, dot);
  const tools = [...(checking.lookups.tools ?? [])];
  const ofServer = tools.filter((name) => name.startsWith(`${server}.`));
  const servers = checking.lookups.servers && [...checking.lookups.servers];
  if (servers && !servers.includes(server) && ofServer.length === 0) {
    const suggestion = closest(server, servers);
    const { edits } = checking.source;
    checking.report({
      at,
      code: "unknown-server",
      message: `There is no MCP server \`${server}\`.`,
      expected: oneOf(servers, "a configured server, but there is none"),
      suggestion,
      fix: replaceBy(suggestion, edits.replaceWithin(at, 0, dot, suggestion ?? "")),
    });
  } else if (ofServer.length > 0 && !ofServer.includes(tool)) {
    checking.report({
      at,
      code: "unknown-tool",
      message: `The server \`${server}\` has no tool \`${tool.slice(dot + 1)}\`.`,
      expected: oneOf(ofServer, ""),
      suggestion: closest(tool, ofServer),
    });
  }
}

/** An address is checked as far as it is written out. */
function checkAddress(checking: Checking, url: string, at: DocumentPath): void {
  const begins = /^\s*[^{]*/.exec(url)?.[0].trim() ?? "";
  if (/^https?:\/\//i.test(begins) || (begins === "" && url.trim() !== "")) return;
  if (begins !== url.trim() && "https://".startsWith(begins)) return;
  checking.report({
    at,
    code: "not-an-address",
    message: `\`${url}\` is no address that can be asked.`,
    expected: "one that starts with `http://` or `https://`",
  });
}

function checkBody(checking: Checking, { method, body }: HttpStep, path: DocumentPath): void {
  if (body === undefined || (method !== "GET" && method !== "HEAD")) return;
  const message = `A ${method} request carries no body. Put its values into the address, or set \`method\`.`;
  checking.report({ at: [...path, "body"], part: "key", code: "body-of-get", message });
}

/** A worker is a name of the settings or an address; a template may give either. */
function checkWorker(checking: Checking, worker: string, at: DocumentPath): void {
  const known = checking.lookups.workers && [...checking.lookups.workers];
  if (!known || /\{[{%]/.test(worker) || /^https?:\/\//i.test(worker)) return;
  if (known.includes(worker)) return;
  checking.report({
    at,
    code: "unknown-worker",
    message: `There is no worker \`${worker}\`. Set its address under \`workers\` in the settings.`,
    expected: `${oneOf(known, "a worker of the settings, but there is none")}, or an address such as http://127.0.0.1:8001`,
    suggestion: closest(worker, known),
  });
}

/** Who may work on a plan: each is one thing, is known, and has a name of its own. */
function checkPlan(checking: Checking, step: PlanStep, path: DocumentPath): void {
  const seen = new Set<string>();
  for (const [index, one] of step.workers.entries()) {
    const at = [...path, "workers", index];
    const { agent, tool, worker, operation } = one;
    const kinds = [agent, tool, worker].filter((kind) => kind !== undefined);
    if (kinds.length !== 1 || (worker === undefined) !== (operation === undefined)) {
      const message =
        "A worker of a plan is an `agent`, a `tool`, or a `worker` with its `operation`.";
      checking.report({ at, code: "plan-worker", message });
      continue;
    }
    const name = workerName(one);
    if (seen.has(name))
      checking.report({ at, code: "duplicate-worker", message: `\`${name}\` is listed twice.` });
    seen.add(name);
    if (tool !== undefined) checkTool(checking, tool, [...at, "tool"]);
    if (worker === undefined) continue;
    checkWorker(checking, worker, [...at, "worker"]);
    checkHour(checking, one.timeout, [...at, "timeout"]);
  }
}

/**
 * The front door for a file: parse it, link it, and check everything that can be known before it runs.
 * Owns the walk over bodies and lists; each rule is a file under `check`.
 */
import { checkAgents } from "./agents/checkAgents.ts";
import { type Callers, findCallers } from "./check/callers.ts";
import { checkCalls } from "./check/calls.ts";
import { type Checking, type Lookups, reportTo } from "./check/checking.ts";
import { checkCompensation } from "./check/compensation.ts";
import { checkDefinitions } from "./check/definitions.ts";
import { checkIds } from "./check/identity.ts";
import { checkRead } from "./check/names.ts";
import { checkExecution } from "./check/order/execution.ts";
import { checkFlow } from "./check/order/flow.ts";
import { checkGraph, checkOutsideGraph, checkSize } from "./check/order/graph.ts";
import { orderOf } from "./check/order/graphOrder.ts";
import { checkConditions, checkReachable } from "./check/order/reachable.ts";
import { checkUnusedTasks } from "./check/order/unused.ts";
import { bodyScope, innerScope, type Scope } from "./check/scope.ts";
import { checkStepRules } from "./check/stepRules.ts";
import { readsOf, templatesOf, templatesOfStep } from "./check/templates.ts";
import { closest } from "./closest.ts";
import type { DocumentPath } from "./diagnostic.ts";
import { type Diagnostic, type FileDiagnostic, hasErrors, inFile } from "./diagnostic.ts";
import { type Linked, type LinkedFile, type LoadWorkflow, linkBundle } from "./link.ts";
import { declareField } from "./mend/fixes.ts";
import { listsInside, type StepList } from "./place.ts";
import { isGraph } from "./read/execution.ts";
import { CRITERIA } from "./schema/fileFields.ts";
import { structure } from "./schema/shape.ts";
import type { BodyRef, Step, TaskDefinition, Workflow } from "./workflow.ts";

export type { Lookups } from "./check/checking.ts";

/**
 * Checks a file and every file that it leads to. The bundle is there only when nothing is an error. Diagnostics are
 * in the order of each file's text, the main file first. Never throws for any text.
 */
export function validateWorkflow(input: {
  readonly fileName: string;
  readonly text: string;
  readonly load?: LoadWorkflow;
  readonly lookups?: Lookups;
}): Linked {
  const { fileName, text, load = () => undefined, lookups = {} } = input;
  const linked = linkBundle({ fileName, text, load });
  const found = new Map<string, FileDiagnostic[]>();
  const add = (diagnostic: FileDiagnostic) => {
    const list = found.get(diagnostic.fileName);
    if (list) list.push(diagnostic);
    else found.set(diagnostic.fileName, [diagnostic]);
  };
  linked.diagnostics.forEach(add);
  const callers = findCallers(linked.files);
  for (const file of linked.files) checkFile(file, linked.files, callers, lookups).forEach(add);
  const diagnostics = [...found].flatMap(([name, list]) => inFile(name, withoutDoubles(list)));
  const { bundle, files } = linked;
  return { ...(bundle && !hasErrors(diagnostics) ? { bundle } : {}), files, diagnostics };
}

/** A file that is read in both dialects would say everything twice. */
function withoutDoubles(diagnostics: readonly FileDiagnostic[]): FileDiagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, message, range }) => {
    const key = `${range.start.offset} ${code} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function checkFile(
  file: LinkedFile,
  files: readonly LinkedFile[],
  callers: Callers,
  lookups: Lookups,
): FileDiagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const { workflow, parsed } = file;
  const checking: Checking = {
    workflow,
    source: parsed.source,
    lookups,
    target: (body) => findTarget(files, body),
    calledBy: (task) => callers(file.key, task),
    report: reportTo(parsed.source, diagnostics),
  };
  checkBody(checking, workflow, [], undefined);
  checkCriteria(checking, workflow);
  checkAgents(checking);
  for (const [task, body] of Object.entries(workflow.tasks))
    checkBody(checking, body, ["tasks", task], task);
  // Other files are told of their own tasks when they are checked themselves.
  if (file === files[0]) checkUnusedTasks(checking, file.key);
  return inFile(file.fileName, diagnostics);
}

function findTarget(files: readonly LinkedFile[], body: BodyRef): TaskDefinition | undefined {
  const workflow = files.find((file) => file.key === body.workflow)?.workflow;
  return body.task === undefined ? workflow : workflow?.tasks[body.task];
}

function checkBody(
  checking: Checking,
  body: TaskDefinition,
  path: DocumentPath,
  task: string | undefined,
): void {
  const called = checking.calledBy(task);
  const item = called.foreach && !called.workflow ? "yes" : "perhaps";
  const role = task === undefined && isGraph(checking.workflow) ? "graph" : "body";
  const list: StepList = { path: [...path, "steps"], steps: body.steps, role };
  const scope = bodyScope(body, list, item);
  if (task === undefined) checkExecution(checking);
  checkDefinitions(checking, body.inputs, [...path, "inputs"]);
  checkInitialState(checking, body, [...path, "initial_state"], scope);
  checkIds(checking, list);
  checkList(checking, list, scope);
}

/** First values are computed before anything else is there: from the inputs, and in a task from the item. */
function checkInitialState(
  checking: Checking,
  body: TaskDefinition,
  path: DocumentPath,
  scope: Scope,
): void {
  for (const found of templatesOf(body.initial_state, structure, path)) {
    for (const read of readsOf(checking, found)) {
      if (read.root !== "state" && read.root !== "steps") checkRead(checking, read, scope);
      else {
        const message = `\`${read.root}\` is not there yet when \`initial_state\` is computed.`;
        checking.report({
          at: read.rangeOf(0),
          code: "unknown-name",
          message,
          expected: "`inputs`, or `item` in a task",
        });
      }
    }
  }
}

/** Criteria are looked at once the run has ended: they see it as a whole, and every step of its own list. */
function checkCriteria(checking: Checking, workflow: Workflow): void {
  const list: StepList = { path: ["steps"], steps: workflow.steps, role: "body" };
  const earlier = workflow.steps.map(({ id }) => id);
  const scope: Scope = {
    ...bodyScope(workflow, list, "no"),
    ...{ earlier, ended: true, more: ["gates"] },
  };
  for (const found of templatesOf(workflow.success_criteria ?? [], CRITERIA, ["success_criteria"]))
    for (const read of readsOf(checking, found)) checkRead(checking, read, scope);
}

function checkList(checking: Checking, list: StepList, scope: Scope): void {
  if (list.role === "graph") return checkGraphList(checking, list, scope);
  checkReachable(checking, list, scope.loop === "yes");
  if (list.steps.length === 0) return;
  // It grows from step to step: what is checked of one step is done before the next.
  const earlier = [...scope.earlier];
  const targets = [...scope.targets, ...list.steps.map(({ id }) => id)];
  list.steps.forEach((step, index) => {
    const path = [...list.path, index];
    checkOutsideGraph(checking, step, path);
    checkConditions(checking, list, index, step);
    checkWithin(checking, step, path, { ...scope, earlier, beside: [], targets });
    earlier.push(step.id);
  });
}

function checkGraphList(checking: Checking, list: StepList, scope: Scope): void {
  if (!checkSize(checking, list)) return;
  const order = orderOf(list.steps);
  checkGraph(checking, list);
  list.steps.forEach((step, index) => {
    const idsOf = (wanted: (at: number) => boolean) =>
      list.steps.flatMap(({ id }, at) => (at !== index && wanted(at) ? [id] : []));
    const before = idsOf((at) => order.isBefore(at, index));
    const beside = idsOf((at) => !order.isBefore(at, index));
    const here = { ...scope, earlier: [...scope.earlier, ...before], beside };
    checkConditions(checking, list, index, step);
    checkWithin(checking, step, [...list.path, index], here);
  });
}

function checkWithin(checking: Checking, step: Step, path: DocumentPath, scope: Scope): void {
  checkStep(checking, step, path, scope);
  for (const inner of listsInside(step, path))
    checkList(checking, inner, innerScope(scope, step, inner));
}

function checkStep(checking: Checking, step: Step, path: DocumentPath, scope: Scope): void {
  checkStepRules(checking, step, path);
  checkFlow(checking, step, path, scope);
  checkCalls(checking, step, path);
  checkCompensation(checking, step, path);
  checkNeeds(checking, step, path, scope);
  for (const found of templatesOfStep(step, path)) {
    const field = found.path[path.length];
    const place = scopeOfField(step, field, scope);
    for (const read of readsOf(checking, found))
      checkRead(checking, read, place, { path, needs: step.needs_state });
  }
}

/** A foreach's `inputs` and `key` are rendered for each item; a gate's check sees the output. */
function scopeOfField(step: Step, field: string | number | undefined, scope: Scope): Scope {
  if (step.kind === "foreach" && (field === "inputs" || field === "key"))
    return { ...scope, item: "yes" };
  if (field === "gates") return { ...scope, more: ["output", "files"] };
  return scope;
}

function checkNeeds(checking: Checking, step: Step, path: DocumentPath, scope: Scope): void {
  step.needs_state?.forEach((need, index) => {
    const field = need.split(".")[0] ?? need;
    if (field === "*" || field === "" || scope.fields.has(field)) return;
    const message = `\`needs_state\` lists \`${need}\`, but there is no state field \`${field}\`.`;
    const suggestion = closest(field, scope.fields);
    const expected =
      suggestion === undefined
        ? "a field of `initial_state`, an `output_to` or an `updates`"
        : undefined;
    checking.report({
      at: [...path, "needs_state", index],
      code: "unknown-field",
      message,
      expected,
      suggestion,
      fix: suggestion === undefined ? declareField(checking.source, scope.body, field) : undefined,
    });
  });
}

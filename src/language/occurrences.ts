/**
 * Every place of a file where a step, task, state field, input, agent or phase is defined, written or used.
 * Owns which name means which thing, scope by scope; navigation and renaming only look here.
 */
import { agentName } from "../workflow/agents/agentKey.ts";
import { agentNames } from "../workflow/agents/agentNames.ts";
import { writesIn } from "../workflow/check/scope.ts";
import type { DocumentPath, Range } from "../workflow/diagnostic.ts";
import { listsInside, type StepList } from "../workflow/place.ts";
import type { SourceMap } from "../workflow/source.ts";
import type { BodyRef, Step, TaskDefinition, Workflow } from "../workflow/workflow.ts";
import { type FoundTemplate, fieldsWithTemplates } from "./templatesIn.ts";

export type SymbolKind = "step" | "task" | "field" | "input" | "agent" | "phase" | "workflow";

export interface Occurrence {
  readonly kind: SymbolKind;
  readonly name: string;
  /** Tells two things of one name apart: where the thing belongs. */
  readonly scope: string;
  /** `write`: defines a state field that nothing else defines, or changes it. */
  readonly role: "definition" | "write" | "use";
  /** The name alone. */
  readonly range: Range;
  /** `member`: after a dot in an expression, where `-` has to be `_`. */
  readonly form: "text" | "member";
}

/** Every occurrence in a file, in no particular order. */
export function occurrencesIn(workflow: Workflow, source: SourceMap): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const file: FileWalk = { workflow, source, add: (each) => found.push(each) };
  for (const name of Object.keys(workflow.agents))
    define(file, "agent", agentName(name), ["agents", name]);
  for (const name of Object.keys(workflow.phases)) define(file, "phase", name, ["phases", name]);
  walkBody(file, workflow, []);
  for (const [name, body] of Object.entries(workflow.tasks)) {
    define(file, "task", name, ["tasks", name]);
    walkBody(file, body, ["tasks", name]);
  }
  return found;
}

interface FileWalk {
  readonly workflow: Workflow;
  readonly source: SourceMap;
  readonly add: (occurrence: Occurrence) => void;
}

/** What names mean where a step stands: each to the address of the thing's scope. */
interface Meaning {
  readonly body: string;
  readonly fields: ReadonlyMap<string, string>;
  /** By the id with `_` for `-`; the id as written and its list's address. */
  readonly steps: ReadonlyMap<string, { readonly id: string; readonly list: string }>;
}

const FILE = "";

function walkBody(file: FileWalk, body: TaskDefinition, path: DocumentPath): void {
  const address = addressOf(path);
  const list: StepList = { path: [...path, "steps"], steps: body.steps, role: "body" };
  for (const name of Object.keys(body.inputs)) {
    addKey(file, "input", name, address, "definition", [...path, "inputs", name]);
  }
  const fields = new Map<string, string>();
  for (const name of Object.keys(body.initial_state)) {
    fields.set(name, address);
    addKey(file, "field", name, address, "definition", [...path, "initial_state", name]);
  }
  for (const { field } of writesIn(list)) fields.set(field, address);
  const meaning: Meaning = { body: address, fields, steps: new Map() };
  for (const found of fieldsWithTemplates(file.source, body.initial_state, [
    ...path,
    "initial_state",
  ])) {
    addReads(file, found, meaning);
  }
  walkList(file, list, meaning);
}

function walkList(file: FileWalk, list: StepList, around: Meaning): void {
  const address = addressOf(list.path);
  const steps = new Map(around.steps);
  for (const { id } of list.steps) steps.set(folded(id), { id, list: address });
  const meaning = { ...around, steps };
  list.steps.forEach((step, index) => {
    const path = [...list.path, index];
    addValue(file, "step", step.id, address, "definition", [...path, "id"]);
    walkStep(file, step, path, meaning);
    for (const inner of listsInside(step, path)) {
      walkList(file, inner, inner.role === "items" ? itemMeaning(meaning, inner) : meaning);
    }
  });
}

/** What the items of a foreach write is their own; the rest is as it is around them. */
function itemMeaning(meaning: Meaning, inner: StepList): Meaning {
  const fields = new Map(meaning.fields);
  for (const { field } of writesIn(inner)) fields.set(field, addressOf(inner.path));
  return { ...meaning, fields };
}

function walkStep(file: FileWalk, step: Step, path: DocumentPath, meaning: Meaning): void {
  for (const found of fieldsWithTemplates(file.source, step, path)) addReads(file, found, meaning);
  addFields(file, step, path, meaning);
  addStepNames(file, step, path, meaning);
  if (step.phase !== undefined)
    addValue(file, "phase", step.phase, FILE, "use", [...path, "phase"]);
  for (const agent of agentNames(step))
    addValue(file, "agent", agent.name, FILE, "use", [...path, ...agent.path]);
  if (step.kind === "foreach" && step.task) addCall(file, step.task, step.inputs, path, "task");
  if (step.kind === "workflow") addCall(file, step.workflow, step.inputs, path, "workflow");
}

function addFields(file: FileWalk, step: Step, path: DocumentPath, meaning: Meaning): void {
  const scopeOf = (name: string) => meaning.fields.get(name) ?? meaning.body;
  if (step.output_to !== undefined) {
    const name = step.output_to;
    addValue(file, "field", name, scopeOf(name), "write", [...path, "output_to"]);
  }
  if (step.kind === "set_state") {
    for (const name of Object.keys(step.updates)) {
      addKey(file, "field", name, scopeOf(name), "write", [...path, "updates", name]);
    }
  }
  step.needs_state?.forEach((need, index) => {
    const name = need.split(".")[0] ?? need;
    if (name === "*") return;
    const range = file.source.within([...path, "needs_state", index], 0, name.length);
    file.add({ kind: "field", name, scope: scopeOf(name), role: "use", range, form: "text" });
  });
}

/** Ids that stand as plain text: what a goto goes to, what a graph's step depends on. */
function addStepNames(file: FileWalk, step: Step, path: DocumentPath, meaning: Meaning): void {
  const add = (at: DocumentPath) => {
    const id = file.source.scalar(at);
    const known = id === undefined ? undefined : meaning.steps.get(folded(id));
    if (known) addValue(file, "step", known.id, known.list, "use", at);
  };
  if ("target" in step) add([...path, "target"]);
  if ("depends_on" in step && Array.isArray(step.depends_on)) {
    step.depends_on.forEach((_, index) => {
      add([...path, "depends_on", index]);
    });
  }
}

function addCall(
  file: FileWalk,
  body: BodyRef,
  inputs: Readonly<Record<string, unknown>> | undefined,
  path: DocumentPath,
  key: string,
): void {
  const inFile = Object.hasOwn(file.workflow.tasks, body.name);
  addValue(file, inFile ? "task" : "workflow", body.name, FILE, "use", [...path, key]);
  if (!inFile) return;
  const scope = addressOf(["tasks", body.name]);
  for (const name of Object.keys(inputs ?? {})) {
    addKey(file, "input", name, scope, "use", [...path, "inputs", name]);
  }
}

function addReads(file: FileWalk, { path, reads, written }: FoundTemplate, meaning: Meaning): void {
  for (const { root, path: members, start, end } of reads) {
    const [member] = members;
    if (typeof member !== "string") continue;
    const thing = thingOf(root, member, meaning);
    const place = memberPlace(written.slice(start, end), member);
    if (!thing || !place) continue;
    const from = start + place.offset;
    const range = file.source.within(path, from, from + member.length);
    file.add({ ...thing, role: "use", range, form: place.form });
  }
}

function thingOf(
  root: string,
  member: string,
  meaning: Meaning,
): Pick<Occurrence, "kind" | "name" | "scope"> | undefined {
  switch (root) {
    case "inputs":
      return { kind: "input", name: member, scope: meaning.body };
    case "state":
      return { kind: "field", name: member, scope: meaning.fields.get(member) ?? meaning.body };
    case "steps": {
      const known = meaning.steps.get(folded(member));
      return known && { kind: "step", name: known.id, scope: known.list };
    }
    default:
      return undefined;
  }
}

/** Where the first member stands in a chain as written: `state.x`, `state["x"]`. */
function memberPlace(
  chain: string,
  member: string,
): { offset: number; form: Occurrence["form"] } | undefined {
  const before = /^\w+\s*(\.\s*|\[\s*["'])/.exec(chain);
  if (!before || !chain.startsWith(member, before[0].length)) return undefined;
  return { offset: before[0].length, form: before[1]?.startsWith(".") ? "member" : "text" };
}

function define(file: FileWalk, kind: SymbolKind, name: string, path: DocumentPath): void {
  addKey(file, kind, name, FILE, "definition", path);
}

function addKey(
  file: FileWalk,
  kind: SymbolKind,
  name: string,
  scope: string,
  role: Occurrence["role"],
  path: DocumentPath,
): void {
  if (!file.source.has(path)) return;
  file.add({ kind, name, scope, role, range: file.source.key(path), form: "text" });
}

function addValue(
  file: FileWalk,
  kind: SymbolKind,
  name: string,
  scope: string,
  role: Occurrence["role"],
  path: DocumentPath,
): void {
  if (name === "" || !file.source.has(path)) return;
  const length = file.source.scalar(path)?.length ?? 0;
  file.add({ kind, name, scope, role, range: file.source.within(path, 0, length), form: "text" });
}

function addressOf(path: DocumentPath): string {
  return JSON.stringify(path);
}

/** Ids with `-` are also reached with `_`. */
export function folded(id: string): string {
  return id.replaceAll("-", "_");
}

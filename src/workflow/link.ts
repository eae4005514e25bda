/**
 * From a file to everything that a run of it needs: finds the tasks and workflows that its steps name.
 * Owns the order in which names are looked up and the keys of a bundle; reads no file itself.
 */
import type { Json } from "../util/json.ts";
import { findCycles } from "./check/order/cycles.ts";
import { findTooDeep } from "./check/order/depth.ts";
import { closest } from "./closest.ts";
import type { DocumentPath } from "./diagnostic.ts";
import { type Diagnostic, type FileDiagnostic, hasErrors, inFile } from "./diagnostic.ts";
import { replaceBy } from "./mend/fixes.ts";
import { type ParsedWorkflow, parseWorkflow } from "./parse.ts";
import { type Place, places, replacedAt } from "./place.ts";
import { unfoldExecution } from "./read/execution.ts";
import type { BodyRef, Bundle, Workflow } from "./workflow.ts";

export interface WorkflowText {
  readonly fileName: string;
  readonly text: string;
}

/**
 * Finds a workflow that a file names: first one of that name (the catalogue), then one of `besideNames(name)` in
 * the folder of `fromFile`. Undefined: there is none.
 */
export type LoadWorkflow = (name: string, fromFile: string) => WorkflowText | undefined;

/** One file of a bundle, with what validation needs to know of it. */
export interface LinkedFile {
  /** Key in `Bundle.workflows`. */
  readonly key: string;
  readonly fileName: string;
  readonly parsed: ParsedWorkflow;
  /** The parsed file, or its draft, with every reference resolved that could be. */
  readonly workflow: Workflow;
}

export interface Linked {
  /** Only without errors. */
  readonly bundle?: Bundle;
  /** The main file first; those that are not YAML mappings are left out. */
  readonly files: readonly LinkedFile[];
  readonly diagnostics: readonly FileDiagnostic[];
}

/** The file names under which a task or workflow is looked for beside the file that names it. */
export function besideNames(name: string): readonly string[] {
  if (/\.ya?ml$/.test(name)) return [name];
  return [`${name}.yaml`, `${name}.workflow.yaml`, `${name}.yml`, `${name}.workflow.yml`];
}

/** Parses a file and all that it leads to, and resolves every `task:` and `workflow:`. Never throws for bad text. */
export function linkBundle(input: WorkflowText & { readonly load: LoadWorkflow }): Linked {
  const { load } = input;
  const opened = new Map<string, OpenFile>();
  const open = (found: WorkflowText, legacy: boolean): OpenFile => {
    const parsed = parseWorkflow({ ...found, legacy });
    const id = `${found.fileName}\n${parsed.draft?.strict ?? !legacy}`;
    const known = opened.get(id);
    if (known) return known;
    const file = { fileName: found.fileName, parsed, key: freshKey(opened, found, parsed) };
    opened.set(id, file);
    return file;
  };
  open(input, false);
  const files: LinkedFile[] = [];
  const diagnostics: FileDiagnostic[] = [];
  // The map grows while files are resolved, and a Map's iteration reaches what is added to it.
  for (const file of opened.values()) {
    const found = resolveFile(file, (name, legacy) => {
      const other = load(name, file.fileName);
      return other && open(other, legacy);
    });
    diagnostics.push(...inFile(file.fileName, [...file.parsed.diagnostics, ...found.diagnostics]));
    if (found.workflow) files.push({ ...file, workflow: found.workflow });
  }
  const cycles = findCycles(files);
  diagnostics.push(...(cycles.length > 0 ? cycles : findTooDeep(files)));
  const main = files[0];
  if (!main || hasErrors(diagnostics)) return { files, diagnostics };
  const workflows = Object.fromEntries(
    files.map(({ key, workflow }) => [key, unfoldExecution(workflow)]),
  );
  return { bundle: { main: main.key, workflows }, files, diagnostics };
}

interface OpenFile {
  readonly key: string;
  readonly fileName: string;
  readonly parsed: ParsedWorkflow;
}

/** The workflow's own name, with its file's where two files of a bundle have the same. */
function freshKey(
  opened: ReadonlyMap<string, OpenFile>,
  found: WorkflowText,
  parsed: ParsedWorkflow,
): string {
  const taken = new Set([...opened.values()].map((file) => file.key));
  const wanted = parsed.draft?.name || found.fileName;
  const candidates = [wanted, `${wanted} (${found.fileName})`];
  return (
    candidates.find((key) => !taken.has(key)) ?? `${wanted} (${found.fileName}, ${taken.size})`
  );
}

type Find = (name: string, legacy: boolean) => OpenFile | undefined;

function resolveFile(
  file: OpenFile,
  find: Find,
): { workflow?: Workflow; diagnostics: Diagnostic[] } {
  const draft = file.parsed.draft;
  if (!draft) return { diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const resolved: { readonly path: DocumentPath; readonly value: Json }[] = [];
  for (const place of places(draft)) {
    const reference = referenceOf(place);
    if (!reference || reference.body.name === "") continue;
    const { body, path } = reference;
    if (Object.hasOwn(draft.tasks, body.name)) {
      resolved.push({ path, value: { ...body, workflow: file.key, task: body.name } });
      continue;
    }
    const other = find(body.name, !draft.strict);
    if (other) resolved.push({ path, value: { ...body, workflow: other.key } });
    else diagnostics.push(unknownBody(file, draft, place, reference));
    if (other && !other.parsed.draft) diagnostics.push(unreadableBody(file, reference, other));
  }
  return { workflow: replacedAt(draft, resolved), diagnostics };
}

interface Reference {
  readonly body: BodyRef;
  readonly path: DocumentPath;
}

/** What a step names, with the place of the name. */
export function referenceOf({ step, path }: Place): Reference | undefined {
  if (step.kind === "foreach" && step.task) return { body: step.task, path: [...path, "task"] };
  if (step.kind === "workflow") return { body: step.workflow, path: [...path, "workflow"] };
  return undefined;
}

function unknownBody(
  file: OpenFile,
  draft: Workflow,
  place: Place,
  { body, path }: Reference,
): Diagnostic {
  const suggestion = closest(body.name, Object.keys(draft.tasks));
  const beside = besideNames(body.name).slice(0, 2).join("` or `");
  const { source } = file.parsed;
  const leadsUp = /(^|[\\/])\.\.([\\/]|$)|^([\\/]|[A-Za-z]:)/.test(body.name);
  const border = leadsUp ? " Files outside of the workspace are not used." : "";
  const fix = suggestion && replaceBy(suggestion, source.edits.replaceValue(path, suggestion));
  return {
    severity: "error",
    code: place.step.kind === "workflow" ? "unknown-workflow" : "unknown-task",
    message: `\`${body.name}\` is neither a task of this file nor the name of a workflow.${border}`,
    range: source.value(path),
    expected: `a name under \`tasks\`, a workflow's name, or a file \`${beside}\` beside this one`,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(fix ? { fix } : {}),
  };
}

function unreadableBody(file: OpenFile, { body, path }: Reference, other: OpenFile): Diagnostic {
  return {
    severity: "error",
    code: "unreadable-workflow",
    message: `\`${body.name}\` leads to ${other.fileName}, which is not a workflow.`,
    range: file.parsed.source.value(path),
  };
}

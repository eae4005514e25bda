/**
 * What a place of a workflow file means, as Markdown.
 * Owns which words are said of what; the docs are those of the language's tables.
 */
import type { Document } from "yaml";
import { type Described, names } from "../expression/names.ts";
import type { Range } from "../workflow/diagnostic.ts";
import { places } from "../workflow/place.ts";
import { STEP_KINDS } from "../workflow/schema/stepKinds.ts";
import type { SourceMap } from "../workflow/source.ts";
import type { TaskDefinition, Workflow } from "../workflow/workflow.ts";
import { shapeName, toolParameters } from "./complete/completion.ts";
import type { Occurrence } from "./occurrences.ts";
import type { WorkflowReading } from "./reading.ts";
import { shapeAt } from "./shapeAt.ts";
import { keyOrValueAt } from "./spot.ts";
import { fieldsWithTemplates } from "./templatesIn.ts";
import type { World } from "./world.ts";

export interface Hover {
  readonly range: Range;
  /** Trusted words of ours around text of the file, which is quoted as code. */
  readonly markdown: string;
}

/** What to say about an offset; undefined where there is nothing to say. */
export function hoverAt(file: WorkflowReading, offset: number, world: World): Hover | undefined {
  return (
    hoverCall(file.workflow, file.source, offset) ??
    hoverName(file, offset, world) ??
    hoverSpot(file.source, file.document, offset, world)
  );
}

function hoverCall(workflow: Workflow, source: SourceMap, offset: number): Hover | undefined {
  const tables = names();
  for (const { step, path } of places(workflow)) {
    if (!contains(source.value(path), offset)) continue;
    for (const found of fieldsWithTemplates(source, step, path)) {
      for (const { kind, name, start, end } of found.uses) {
        const range = source.within(found.path, start, end);
        if (!contains(range, offset)) continue;
        const known: readonly Described[] = tables[`${kind}s`];
        const about = known.filter((each) => each.name === name);
        if (about.length === 0) continue;
        return {
          range,
          markdown: about.map(({ signature, doc }) => say(kind, signature, doc)).join("\n\n"),
        };
      }
    }
  }
  return undefined;
}

function hoverName(file: WorkflowReading, offset: number, world: World): Hover | undefined {
  const found = file.occurrences.find(({ range }) => contains(range, offset));
  const markdown = found && describe(found, file.workflow, world);
  return found && markdown ? { range: found.range, markdown } : undefined;
}

function describe(found: Occurrence, workflow: Workflow, world: World): string | undefined {
  const { kind, name, scope } = found;
  switch (kind) {
    case "step":
      return describeStep(found, workflow);
    case "field": {
      const first = bodyOf(workflow, scope).initial_state[name];
      const known =
        first === undefined ? "null until written" : `first ${code(JSON.stringify(first))}`;
      return say("state field", name, known);
    }
    case "input":
      return describeInput(found, workflow);
    case "agent": {
      const agent = world.agents.find((each) => each.name === name);
      return agent && say("agent", name, agent.description);
    }
    case "phase":
      return say("phase", name, workflow.phases[name]?.title ?? "");
    case "task":
      return say("task of this file", name, "");
    case "workflow": {
      const other = world.workflows.find((each) => each.name === name);
      return other && say("workflow", name, other.description);
    }
  }
}

function describeStep({ name, scope }: Occurrence, workflow: Workflow): string | undefined {
  const place = [...places(workflow)].find(
    ({ step, path }) => step.id === name && JSON.stringify(path.slice(0, -1)) === scope,
  );
  const about = place && STEP_KINDS[place.step.kind];
  if (!place || !about) return undefined;
  return say(place.step.kind, name, place.step.name ?? about.doc) + resultLine(about.result);
}

function describeInput({ name, scope }: Occurrence, workflow: Workflow): string | undefined {
  const input = bodyOf(workflow, scope).inputs[name];
  if (!input) return undefined;
  const parts = ["input", input.type, ...(input.required ? ["required"] : [])];
  if (input.default !== undefined) parts.push(`default ${code(JSON.stringify(input.default))}`);
  return say(parts.join(", "), name, input.description ?? "");
}

/** The task or main body whose address a scope begins with. */
function bodyOf(workflow: Workflow, scope: string): TaskDefinition {
  const [first, name] = JSON.parse(scope);
  return (first === "tasks" && workflow.tasks[name]) || workflow;
}

function resultLine(result: string): string {
  return result === "" ? "" : `\n\nResult: ${code(result)}`;
}

function hoverSpot(
  source: SourceMap,
  document: Document,
  offset: number,
  world: World,
): Hover | undefined {
  const spot = keyOrValueAt(document, offset);
  if (!spot) return undefined;
  const { path, role, span, text } = spot;
  const place = shapeAt(document, path);
  const range = source.range(...span);
  if (role === "key") {
    const field = place?.field;
    if (!field) return undefined;
    const required = field.required ? "required, " : "";
    return { range, markdown: say(`${required}${shapeName(field.shape)}`, text, field.doc) };
  }
  if (place?.step && path.at(-1) === "type") {
    const kind = Object.hasOwn(STEP_KINDS, text) ? STEP_KINDS[text] : undefined;
    if (!kind) return undefined;
    return { range, markdown: say("step", text, kind.doc) + resultLine(kind.result) };
  }
  if (path.at(-1) === "worker") {
    const worker = world.workers.find(({ name }) => name === text);
    return worker && { range, markdown: say("worker", text, code(worker.url ?? "has no address")) };
  }
  if (path.at(-1) === "tool") {
    const tool = world.tools.find(({ name }) => name === text);
    if (!tool) return undefined;
    const parameters = toolParameters(world, text).map(
      ({ name, detail, doc }) => `- ${code(name)} (${detail}) ${doc}`,
    );
    return { range, markdown: [say("tool", text, tool.description), ...parameters].join("\n\n") };
  }
  return undefined;
}

/** `**name** kind`, then what it does. */
function say(kind: string, name: string, doc: string): string {
  return [`${code(name)} (${kind})`, doc].filter((part) => part !== "").join("\n\n");
}

/** Text of a file as code: none of it becomes a link, an image or a command. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ").slice(0, 300);
  const ticks = "`".repeat(
    1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  return ticks.length === 1 ? `${ticks}${line}${ticks}` : `${ticks} ${line} ${ticks}`;
}

function contains({ start, end }: Range, offset: number): boolean {
  return start.offset <= offset && offset <= end.offset;
}

/**
 * A workflow file as a tree of its parts: inputs, state, steps within steps, tasks.
 * Owns which parts are shown; ranges are the document's.
 */

import type { DocumentPath, Range } from "../workflow/diagnostic.ts";
import { listsInside, type StepList } from "../workflow/place.ts";
import type { SourceMap } from "../workflow/source.ts";
import type { TaskDefinition, Workflow } from "../workflow/workflow.ts";

export interface OutlineNode {
  readonly name: string;
  readonly detail: string;
  readonly kind: "section" | "step" | "task" | "input" | "field";
  /** The whole part. */
  readonly range: Range;
  /** Its name, inside the part. */
  readonly selection: Range;
  readonly children: readonly OutlineNode[];
}

/** The parts of a file in its order. */
export function outlineOf(workflow: Workflow, source: SourceMap): readonly OutlineNode[] {
  const tasks = Object.entries(workflow.tasks).map(([name, body]) =>
    node(source, "task", name, "task", ["tasks", name], bodyParts(source, body, ["tasks", name])),
  );
  const parts = [...bodyParts(source, workflow, []), ...tasks];
  return parts.sort((a, b) => a.range.start.offset - b.range.start.offset);
}

function bodyParts(source: SourceMap, body: TaskDefinition, path: DocumentPath): OutlineNode[] {
  const parts: OutlineNode[] = [];
  const section = (key: "inputs" | "initial_state", kind: "input" | "field") => {
    const names = Object.keys(body[key]);
    if (names.length === 0) return;
    const children = names.map((name) => node(source, kind, name, "", [...path, key, name], []));
    parts.push(node(source, "section", key, "", [...path, key], children));
  };
  section("inputs", "input");
  section("initial_state", "field");
  return [
    ...parts,
    ...steps(source, { path: [...path, "steps"], steps: body.steps, role: "body" }),
  ];
}

function steps(source: SourceMap, list: StepList): OutlineNode[] {
  return list.steps.map((step, index) => {
    const path = [...list.path, index];
    const inner = listsInside(step, path).flatMap((each) => steps(source, each));
    const range = source.value(path);
    const selection = source.has([...path, "id"]) ? source.value([...path, "id"]) : range;
    const detail = step.name === undefined ? step.kind : `${step.kind} · ${step.name}`;
    return { name: step.id || step.kind, detail, kind: "step", range, selection, children: inner };
  });
}

function node(
  source: SourceMap,
  kind: OutlineNode["kind"],
  name: string,
  detail: string,
  path: DocumentPath,
  children: readonly OutlineNode[],
): OutlineNode {
  const selection = source.key(path);
  const { end } = source.value(path);
  return { name, detail, kind, selection, range: { start: selection.start, end }, children };
}

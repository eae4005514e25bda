/**
 * A workflow's definition as boxes and arrows with places: lists from top to bottom, containers around what is inside.
 * Owns what leads to what; the places are dagre's. Knows no element.
 */
import dagre from "@dagrejs/dagre";
import type { BodyRef, Step } from "../../src/workflow/workflow.ts";

export interface Box {
  /** The step's place in the definition: ids joined by `/`, as in a task's path without visits and items. */
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** True when other boxes lie inside. */
  readonly outer: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly width: number;
  readonly height: number;
}

const WIDTH = 190;
const HEIGHT = 40;

/** The steps of a task or workflow that a step calls; undefined where they are not at hand. */
export type BodyOf = (ref: BodyRef) => readonly Step[] | undefined;

/** Lays out a list of steps with everything inside them. */
export function layOut(steps: readonly Step[], bodyOf: BodyOf = () => undefined): Layout {
  const graph = new dagre.graphlib.Graph({ compound: true });
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 30, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const parts = new Map<string, Pick<Box, "title" | "kind" | "outer">>();
  addList({ graph, parts, bodyOf, calls: [] }, steps, "", undefined);
  dagre.layout(graph);
  const boxes = [...parts].map(([id, part]) => {
    const { x = 0, y = 0, width = WIDTH, height = HEIGHT } = graph.node(id) ?? {};
    return { id, ...part, x: x - width / 2, y: y - height / 2, width, height };
  });
  const arrows = graph.edges().map(({ v, w }: { v: string; w: string }) => ({
    from: v,
    to: w,
    points: graph.edge({ v, w })?.points ?? [],
  }));
  const { width = 0, height = 0 } = graph.graph();
  // Outer boxes first, so that inner ones are drawn over them.
  boxes.sort((a, b) => Number(b.outer) - Number(a.outer) || a.id.length - b.id.length);
  return { boxes, arrows, width, height };
}

/** The place in the definition that a task's path belongs to. */
export function definitionPlace(path: string): string {
  return path.replace(/#\d+/g, "").replace(/\[\d+\]/g, "");
}

interface Drawing {
  readonly graph: InstanceType<typeof dagre.graphlib.Graph>;
  readonly parts: Map<string, Pick<Box, "title" | "kind" | "outer">>;
  readonly bodyOf: BodyOf;
  /** The bodies around this place, so that what calls itself has an end. */
  readonly calls: readonly string[];
}

/** The boxes that arrows from outside lead to, and those that they come from. */
interface Ends {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** Adds a list in order; answers its first and last boxes, between which arrows from outside go. */
function addList(
  drawing: Drawing,
  steps: readonly Step[],
  path: string,
  parent: string | undefined,
): Ends {
  let before: readonly string[] = [];
  const first: string[] = [];
  for (const step of steps) {
    const ends = addStep(drawing, step, path === "" ? step.id : `${path}/${step.id}`, parent);
    for (const from of before) for (const to of ends.first) drawing.graph.setEdge(from, to);
    if (first.length === 0) first.push(...ends.first);
    before = ends.last;
  }
  return { first, last: before };
}

function addStep(around: Drawing, step: Step, id: string, parent: string | undefined): Ends {
  const called = calledBy(around, step, id);
  const drawing = called ? { ...around, calls: [...around.calls, called.name] } : around;
  const lists = [...(called?.lists ?? []), ...insideOf(step, id)].filter(
    ({ steps }) => steps.length > 0,
  );
  const outer = lists.length > 0;
  drawing.parts.set(id, { title: step.name ?? step.id, kind: step.kind, outer });
  drawing.graph.setNode(id, outer ? {} : { width: WIDTH, height: HEIGHT });
  if (parent !== undefined) drawing.graph.setParent(id, parent);
  if (!outer) return { first: [id], last: [id] };
  if (step.kind === "graph") return addGraph(drawing, step.steps, id);
  const ends = lists.map(({ steps, path }) => addList(drawing, steps, path, id));
  return { first: ends.flatMap(({ first }) => first), last: ends.flatMap(({ last }) => last) };
}

/** Steps that begin as soon as what they depend on is done. */
function addGraph(drawing: Drawing, steps: readonly Step[], id: string): Ends {
  const ends = new Map(
    steps.map((step) => [step.id, addStep(drawing, step, `${id}/${step.id}`, id)] as const),
  );
  const needed = new Set<string>();
  const first: string[] = [];
  for (const step of steps) {
    const own = ends.get(step.id);
    const needs = step.depends_on ?? [];
    if (needs.length === 0) first.push(...(own?.first ?? []));
    for (const need of needs) {
      needed.add(need);
      for (const from of ends.get(need)?.last ?? [])
        for (const to of own?.first ?? []) drawing.graph.setEdge(from, to);
    }
  }
  const last = steps
    .filter((step) => !needed.has(step.id))
    .flatMap((step) => ends.get(step.id)?.last ?? []);
  return { first, last };
}

/** What a step calls by name, drawn inside it. */
function calledBy({ bodyOf, calls }: Drawing, step: Step, id: string) {
  const ref =
    step.kind === "foreach" ? step.task : step.kind === "workflow" ? step.workflow : undefined;
  if (!ref || calls.includes(ref.name)) return undefined;
  return { name: ref.name, lists: [{ steps: bodyOf(ref) ?? [], path: id }] };
}

interface Inside {
  readonly steps: readonly Step[];
  readonly path: string;
}

function insideOf(step: Step, id: string): readonly Inside[] {
  switch (step.kind) {
    case "condition":
      return [step.then, step.else].map((steps) => ({ steps, path: id }));
    case "foreach":
      return [{ steps: step.steps ?? [], path: id }];
    case "parallel":
      return step.branches.map((branch) => ({ steps: branch.steps, path: `${id}/${branch.id}` }));
    case "while":
    case "graph":
      return [{ steps: step.steps, path: id }];
    default:
      return [];
  }
}

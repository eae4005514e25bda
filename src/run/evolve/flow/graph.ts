/**
 * The bookkeeping of a graph: which of its steps may begin, wait, or never will. Constant time per edge.
 * Knows the shape of the graph and what its steps have come to; not what they do.
 */
import type { GraphStep } from "../../../workflow/definition/controlSteps.ts";
import type { Frame, GraphState } from "../../state.ts";

/** A graph of which nothing has begun yet; `results` receives those of its steps, by id. */
export function startGraph(step: GraphStep, results: GraphState["results"]): GraphState {
  const places = new Map(step.steps.map(({ id }, index) => [id, index]));
  const dependants: number[][] = step.steps.map(() => []);
  step.steps.forEach(({ depends_on = [] }, index) => {
    for (const id of new Set(depends_on)) dependants[places.get(id) ?? index]?.push(index);
  });
  const graph: GraphState = {
    dependants,
    ends: new Map(),
    unmet: step.steps.map(() => 0),
    ready: new Set(),
    doomed: new Set(),
    blockedUntil: new Map(),
    results,
  };
  for (const inner of dependants)
    for (const index of inner) graph.unmet[index] = unmetOf(graph, index) + 1;
  step.steps.forEach((_, index) => {
    if (unmetOf(graph, index) === 0) graph.ready.add(index);
  });
  return graph;
}

/** A step has come to its end; those that depend on it may be ready now, or never will. Answers those that are. */
export function endNode(
  graph: GraphState,
  index: number,
  end: "met" | "failed" | "blocked",
): readonly number[] {
  const ready: number[] = [];
  graph.ends.set(index, end);
  graph.doomed.delete(index);
  for (const next of graph.dependants[index] ?? []) {
    if (graph.ends.has(next)) continue;
    if (end !== "met") {
      graph.doomed.add(next);
      continue;
    }
    graph.unmet[next] = unmetOf(graph, next) - 1;
    if (unmetOf(graph, next) > 0) continue;
    graph.ready.add(next);
    ready.push(next);
  }
  return ready;
}

/**
 * A step that had failed is at work again: those that were blocked wait as before. Answers them. Looks at the whole
 * graph, once a retry.
 */
export function pendAgain(
  graph: GraphState,
  step: GraphStep,
  open: ReadonlyMap<number, Frame>,
): readonly number[] {
  const blocked = [...graph.ends].flatMap(([index, end]) => (end === "blocked" ? [index] : []));
  for (const index of blocked) graph.ends.delete(index);
  graph.ready.clear();
  graph.doomed.clear();
  graph.unmet.fill(0);
  const waits = (index: number) => !graph.ends.has(index) && !open.has(index);
  graph.dependants.forEach((dependants, index) => {
    const end = graph.ends.get(index);
    for (const next of dependants) {
      if (end !== "met") graph.unmet[next] = unmetOf(graph, next) + 1;
      if (end === "failed" && waits(next)) graph.doomed.add(next);
    }
  });
  step.steps.forEach((_, index) => {
    if (waits(index) && unmetOf(graph, index) === 0) graph.ready.add(index);
  });
  return blocked;
}

function unmetOf(graph: GraphState, index: number): number {
  return graph.unmet[index] ?? 0;
}

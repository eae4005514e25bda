/**
 * State fields that two parts of a step can write in no fixed order: their value would be a matter of luck.
 * Owns the one check of it, for branches and graphs alike; what a part may write is for `scope`.
 */

import type { DocumentPath } from "../../diagnostic.ts";
import type { Fix } from "../../edit.ts";
import { fixOf } from "../../mend/fixes.ts";
import type { Step } from "../../workflow.ts";
import { type Checking, strictly } from "../checking.ts";
import { type Write, writesIn, writesOf } from "../scope.ts";

/** One of the parts: a branch, or a step of a graph. */
export interface Part {
  readonly id: string;
  readonly writes: readonly Write[];
  /** Where its step stands, when an edge to another part would order the two. */
  readonly path?: DocumentPath;
}

/** The branches of a parallel: none is before another. */
export function checkBranchWrites(
  checking: Checking,
  step: Extract<Step, { kind: "parallel" }>,
  path: DocumentPath,
): void {
  const parts = step.branches.map(({ id, steps }, index) => ({
    id,
    writes: writesIn({ role: "branch", steps, path: [...path, "branches", index, "steps"] }),
  }));
  reportUnordered(checking, "Branches", parts, () => false);
}

/** The steps of a graph (at `path`, the path of their list): one is before another if a way of edges leads there. */
export function checkGraphWrites(
  checking: Checking,
  steps: readonly Step[],
  edges: (step: Step) => readonly string[],
  path: DocumentPath,
): void {
  const edgeless = isEdgeless(checking, path);
  const parts = steps.map((step, index) => {
    const at = [...path, index];
    return { id: step.id, writes: writesOf(step, at), ...(edgeless ? {} : { path: at }) };
  });
  const before = ancestors(steps, edges);
  const ordered = (a: Part, b: Part) =>
    before.get(a.id)?.has(b.id) === true || before.get(b.id)?.has(a.id) === true;
  reportUnordered(checking, "Steps", parts, ordered);
}

/** The steps of a file that all begin at once: its mode takes no edges between them. */
function isEdgeless({ workflow }: Checking, path: DocumentPath): boolean {
  return workflow.execution?.mode === "parallel" && path.length === 1 && path[0] === "steps";
}

/** One report a field and part, at its first write, naming the first part that it races with. */
function reportUnordered(
  checking: Checking,
  noun: "Branches" | "Steps",
  parts: readonly Part[],
  ordered: (a: Part, b: Part) => boolean,
): void {
  const writers = new Map<string, Part[]>();
  for (const part of parts) {
    const mine = new Set<string>();
    for (const write of part.writes) {
      if (mine.has(write.field)) continue;
      mine.add(write.field);
      const others = writers.get(write.field) ?? [];
      const other = others.find((each) => !ordered(each, part));
      if (other !== undefined) report(checking, noun, write, part, other);
      others.push(part);
      writers.set(write.field, others);
    }
  }
}

function report(
  checking: Checking,
  noun: "Branches" | "Steps",
  write: Write,
  part: Part,
  other: Part,
): void {
  const way =
    noun === "Branches"
      ? "Write two fields, or one after the parallel."
      : part.path === undefined
        ? "Write two fields, or write `mode: dependency-driven` and let one depend on the other."
        : "Let one depend on the other, or write two fields.";
  checking.report({
    at: write.path,
    part: "key",
    severity: strictly(checking),
    code: "unordered-writes",
    fix: fixFor(checking, write.field, part, other),
    message: `${noun} \`${other.id}\` and \`${part.id}\` both write \`${write.field}\`, in no fixed order. ${way}`,
  });
}

/** In a graph an edge, which cannot close a cycle: there is no way between the two. In a branch a field of its own. */
function fixFor(
  { source }: Checking,
  field: string,
  { id, writes, path }: Part,
  other: Part,
): Fix | undefined {
  const { edits } = source;
  if (path !== undefined) {
    const at = [...path, "depends_on"];
    const edit = source.has(at)
      ? edits.appendItem(at, other.id)
      : edits.addKey(path, "depends_on", `[${other.id}]`);
    const fix = fixOf(`Let \`${id}\` depend on \`${other.id}\``, edit);
    return fix && { ...fix, byHand: true };
  }
  const own = `${field}_${id}`.replaceAll("-", "_");
  const renamed = writes
    .filter((write) => write.field === field)
    .map((write) =>
      write.path.at(-1) === "output_to"
        ? edits.replaceValue(write.path, own)
        : edits.renameKey(write.path, own),
    );
  const made = renamed.filter((edit) => edit !== undefined);
  if (made.length < renamed.length) return undefined;
  return { title: `Write \`${own}\` instead`, edits: made, byHand: true };
}

/** For each step every step that is done before it starts. Cycles are for another check; here they just end. */
function ancestors(
  steps: readonly Step[],
  edges: (step: Step) => readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map(steps.map((step) => [step.id, step]));
  const found = new Map<string, Set<string>>();
  for (const step of steps) {
    const before = new Set<string>();
    const todo = [...edges(step)];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (before.has(id)) continue;
      before.add(id);
      const other = known.get(id);
      if (other !== undefined) todo.push(...edges(other));
    }
    found.set(step.id, before);
  }
  return found;
}

/**
 * The names of tasks: segments joined by `/`, `id#2` for a later visit, `id[n]` for items.
 * Owns the spelling; nobody else takes a path apart.
 */

/** Path of a step's task inside the list at `frame` ("" for the root), for its n-th visit (from 1). */
export function taskPath(frame: string, id: string, visit: number): string {
  const segment = visit > 1 ? `${id}#${visit}` : id;
  return frame === "" ? segment : `${frame}/${segment}`;
}

/** Path of an item's list, index from zero. */
export function itemPath(owner: string, index: number): string {
  return `${owner}[${index}]`;
}

/** Path of a branch's list. */
export function branchPath(owner: string, id: string): string {
  return `${owner}/${id}`;
}

/** Key of the list that one step of a graph is, given its task's path; that path may be the one of a list inside it. */
export function nodeKey(path: string): string {
  const list = parentPath(path);
  const segment = path.slice(list === "" ? 0 : list.length + 1);
  return `${list}>${segment.replace(/#\d+$/, "")}`;
}

/** Path of the list that holds this task: everything before the last `/`, "" for the root's. */
export function parentPath(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "" : path.slice(0, cut);
}

/** What comes after the last `/` of a path. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The paths around a task, from the inside out: `a[2]/b` lies in the item `a[2]`, which lies in `a`. */
export function ancestorPaths(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = path; at !== ""; ) {
    const owner = at.replace(/\[\d+\]$/, "");
    at = owner === at ? parentPath(at) : owner;
    if (at !== "") found.push(at);
  }
  return found;
}

/** Orders paths as people count: item 2 before item 10. */
export function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (const [at, part] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    if (part === other) continue;
    return at % 2 === 1 ? Number(part) - Number(other) : part < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** Which visit of its step a task is, from 1. */
export function visitOf(path: string): number {
  return Number(/#(\d+)$/.exec(path)?.[1] ?? 1);
}

/** The path of a task's first visit, whatever visits of the steps around it this one is in. */
export function withoutVisits(path: string): string {
  return path.replace(/#\d+/g, "");
}

/** The step's id in a task's path. */
export function stepId(path: string): string {
  return lastSegment(path).replace(/(#\d+)?(\[\d+\])?$/, "");
}

/**
 * Keeps one node per row of a tree for its whole life, so that the editor keeps selection and folding, and finds the
 * fewest nodes to draw again. Pure.
 */

/** What a tree's rows have in common. */
export interface Row<R> {
  readonly key: string;
  readonly children: readonly R[] | undefined;
}

/** A place in the tree; its row is replaced as things move on. */
export interface Node<R extends Row<R>> {
  readonly key: string;
  row: R;
  children: readonly Node<R>[] | undefined;
}

export interface Reconciled<R extends Row<R>> {
  readonly node: Node<R>;
  /** Nodes to draw again; what lies inside one of them is drawn with it. */
  readonly changed: readonly Node<R>[];
}

/** Puts a row in the place of what stood there before. */
export function reconcile<R extends Row<R>>(before: Node<R> | undefined, row: R): Reconciled<R> {
  if (!before || before.key !== row.key) return { node: makeNode(row), changed: [] };
  if (before.row === row) return { node: before, changed: [] };
  const old = new Map((before.children ?? []).map((child) => [child.key, child]));
  const results = row.children?.map((child) => reconcile(old.get(child.key), child));
  const children = results?.map(({ node }) => node);
  const differs = !sameLine(before.row, row) || !sameKeys(before.children, children);
  before.row = row;
  before.children = children;
  return {
    node: before,
    changed: differs ? [before] : (results ?? []).flatMap(({ changed }) => changed),
  };
}

function makeNode<R extends Row<R>>(row: R): Node<R> {
  return { key: row.key, row, children: row.children?.map(makeNode) };
}

/** True when two rows show the same, whatever lies inside them. */
function sameLine<R extends Row<R>>(a: R, b: R): boolean {
  return saysAll(a, b) && saysAll(b, a);
}

function saysAll<R extends Row<R>>(a: R, b: R): boolean {
  for (const key in a) if (key !== "children" && a[key] !== b[key]) return false;
  return true;
}

function sameKeys(
  a: readonly { readonly key: string }[] | undefined,
  b: readonly { readonly key: string }[] | undefined,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((node, index) => node.key === b[index]?.key);
}

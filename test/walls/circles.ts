/** Finds files that wait for each other while they load. Owns the search only; which imports count is the caller's. */

/** The files of every circle, each circle once, by the imports of each file. */
export function circlesIn(
  imports: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const reach = new Map([...imports.keys()].map((file) => [file, reachable(imports, file)]));
  const circles = new Map<string, readonly string[]>();
  for (const [file, reached] of reach) {
    if (!reached.has(file)) continue;
    const circle = [...reached].filter((other) => reach.get(other)?.has(file)).sort();
    circles.set(circle.join(" "), circle);
  }
  return [...circles.values()];
}

/** Every file that is reached from one by at least one import. */
function reachable(
  imports: ReadonlyMap<string, readonly string[]>,
  from: string,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [...(imports.get(from) ?? [])];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    next.push(...(imports.get(file) ?? []));
  }
  return reached;
}

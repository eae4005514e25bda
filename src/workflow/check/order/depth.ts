/**
 * Finds workflows that lie deeper inside others than `limits.max_depth` allows, so that it is not found out at run time.
 * Owns the count; a run holds to the same one (`run/decide/flow/limits.ts`).
 */
import type { FileDiagnostic } from "../../diagnostic.ts";
import { type File, type Link, linksFrom } from "./cycles.ts";

/** What a run allows where nothing is said. */
const MAX_DEPTH = 5;

/** One warning a reference that goes too deep; the first file is the one that is run. Only for files without cycles. */
export function findTooDeep(files: readonly File[]): FileDiagnostic[] {
  const [main] = files;
  if (!main) return [];
  const most = main.workflow.limits.max_depth ?? MAX_DEPTH;
  const links = linksFrom(files);
  const depths = new Map([[main.key, 0]]);
  const found: FileDiagnostic[] = [];
  for (const node of outerFirst(main.key, links)) {
    const depth = depths.get(node) ?? 0;
    for (const link of links.get(node) ?? []) {
      const inside = depth + (link.task ? 0 : 1);
      depths.set(link.to, Math.max(inside, depths.get(link.to) ?? 0));
      if (depth <= most && inside > most) found.push(tooDeep(link, most, main));
    }
  }
  return found;
}

/** Every node that can be reached, each after all that lead to it. */
function outerFirst(main: string, links: ReadonlyMap<string, readonly Link[]>): readonly string[] {
  const done = new Set<string>();
  const innerFirst: string[] = [];
  const visit = (node: string): void => {
    if (done.has(node)) return;
    done.add(node);
    for (const { to } of links.get(node) ?? []) visit(to);
    innerFirst.push(node);
  };
  visit(main);
  return innerFirst.reverse();
}

function tooDeep({ file, path, to }: Link, most: number, main: File): FileDiagnostic {
  const around = most === 1 ? "another one" : `${most} others`;
  return {
    fileName: file.fileName,
    severity: "warning",
    code: "too-deep",
    message:
      `\`${to}\` would begin inside ${around}, and no more are allowed (limits.max_depth: ${most}). ` +
      `Flatten them, or raise limits.max_depth in ${main.fileName}.`,
    range: file.parsed.source.value(path),
  };
}

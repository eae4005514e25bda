/**
 * Finds workflows and tasks that lead back to themselves: such a run would never end.
 */
import type { Diagnostic, DocumentPath, FileDiagnostic } from "../../diagnostic.ts";
import { places } from "../../place.ts";
import type { SourceMap } from "../../source.ts";
import type { BodyRef, Workflow } from "../../workflow.ts";

export interface File {
  readonly key: string;
  readonly fileName: string;
  readonly workflow: Workflow;
  readonly parsed: { readonly source: SourceMap };
}

/** A step that leads from one body to another. */
export interface Link {
  readonly file: File;
  /** It leads to a task, which is no workflow of its own. */
  readonly task: boolean;
  readonly from: string;
  readonly to: string;
  readonly path: DocumentPath;
}

/** One error a cycle, at the reference that closes it. */
export function findCycles(files: readonly File[]): FileDiagnostic[] {
  const links = linksFrom(files);
  const done = new Set<string>();
  const found: FileDiagnostic[] = [];
  const visit = (node: string, trail: readonly string[]): void => {
    if (done.has(node)) return;
    for (const link of links.get(node) ?? []) {
      const start = [...trail, node].indexOf(link.to);
      if (start >= 0) found.push(cycleAt(link, [...trail, node].slice(start)));
      else visit(link.to, [...trail, node]);
    }
    done.add(node);
  };
  for (const node of links.keys()) visit(node, []);
  return found;
}

/** The links of all files, by where they come from. */
export function linksFrom(files: readonly File[]): ReadonlyMap<string, readonly Link[]> {
  const links = new Map<string, Link[]>();
  for (const file of files) {
    for (const link of linksOf(file)) links.set(link.from, [...(links.get(link.from) ?? []), link]);
  }
  return links;
}

function linksOf(file: File): Link[] {
  const links: Link[] = [];
  for (const { step, path, task } of places(file.workflow)) {
    const body =
      step.kind === "foreach" ? step.task : step.kind === "workflow" ? step.workflow : undefined;
    if (!body || body.workflow === "") continue;
    const key = step.kind === "foreach" ? "task" : "workflow";
    const from = nodeName({ workflow: file.key, ...(task === undefined ? {} : { task }) });
    const to = nodeName(body);
    links.push({ file, from, to, task: body.task !== undefined, path: [...path, key] });
  }
  return links;
}

function nodeName(body: Pick<BodyRef, "workflow" | "task">): string {
  return body.task === undefined ? body.workflow : `${body.workflow}, task ${body.task}`;
}

function cycleAt({ file, path, to }: Link, around: readonly string[]): FileDiagnostic {
  const way = [...around, to].map((name) => `\`${name}\``).join(" → ");
  const diagnostic: Diagnostic = {
    severity: "error",
    code: "cycle",
    message: `This leads back to where it came from: ${way}. Such a run would never end.`,
    range: file.parsed.source.value(path),
  };
  return { fileName: file.fileName, ...diagnostic };
}

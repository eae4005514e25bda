/** How the bodies of a bundle are started: by a foreach for its items, or as a sub-workflow. */
import type { LinkedFile } from "../link.ts";
import { places } from "../place.ts";

export interface Called {
  readonly foreach: boolean;
  readonly workflow: boolean;
}

/** Answers for a body by its file's key and, for a task of the file, the task's name. */
export type Callers = (key: string, task: string | undefined) => Called;

/** Looks through all files once. */
export function findCallers(files: readonly LinkedFile[]): Callers {
  const found = new Map<string, Called>();
  for (const file of files) {
    for (const { step } of places(file.workflow)) {
      const body =
        step.kind === "foreach" ? step.task : step.kind === "workflow" ? step.workflow : undefined;
      if (body === undefined) continue;
      const address = addressOf(body.workflow, body.task);
      const known = found.get(address) ?? NOBODY;
      found.set(address, { ...known, [step.kind]: true });
    }
  }
  return (key, task) => found.get(addressOf(key, task)) ?? NOBODY;
}

const NOBODY: Called = { foreach: false, workflow: false };

function addressOf(key: string, task: string | undefined): string {
  return JSON.stringify([key, task]);
}

/** Which questions an answers file is about to answer, so that nobody is asked them and no run is called waiting too soon. */
import type { AnswersPolicy, RunChange } from "../../../app/app.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { stepId } from "../../../run/path.ts";

/** Longer than any answer of a file takes, in ms. */
const PATIENCE = 5000;

export interface PolicyWatch {
  /** Told of every change. */
  change(change: RunChange): void;
  /** True while the policy's answer to a breakpoint is still to be expected. */
  answers(open: Breakpoint): boolean;
}

/** Watches what becomes of the answers of a file. */
export function watchPolicy(policy: AnswersPolicy | undefined, now: () => number): PolicyWatch {
  const refused = new Set<string>();
  const seen = new Map<string, number>();
  return {
    change: (change) => {
      if (change.type === "refused") refused.add(change.path);
    },
    answers: (open) => {
      if (!policy || refused.has(open.path)) return false;
      const covered = [open.path, stepId(open.path)].some((name) =>
        Object.hasOwn(policy.answers, name),
      );
      if (!covered) return false;
      const since = seen.get(open.id) ?? now();
      seen.set(open.id, since);
      return now() - since < PATIENCE;
    },
  };
}

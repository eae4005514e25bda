/** What a run that goes on is at, in one word for lists. Owns which of several things counts; knows no words for people. */
import type { OpenTask, RunState } from "./state.ts";

/** `timer`, `signal`: it only waits, for times that fall due or for signals from outside alone. Questions are apart. */
export type Doing = "working" | "retrying" | "timer" | "signal";

/** Of several things the one that moves soonest. */
export function doingOf(state: RunState): Doing {
  const found = new Set<Doing>();
  for (const task of state.open.values()) {
    const one = ofTask(task);
    if (one === "working") return one;
    if (one !== undefined) found.add(one);
  }
  return FOREMOST.find((one) => found.has(one)) ?? "working";
}

const FOREMOST: readonly Doing[] = ["retrying", "timer", "signal"];

/** Undefined for what only holds others, stands at a question or has failed beside what goes on. */
function ofTask({ state: now }: OpenTask): Doing | undefined {
  switch (now.is) {
    case "open":
    case "asking":
    case "failed":
      return undefined;
    case "running":
      return now.asked ? undefined : "working";
    case "retrying":
      return "retrying";
    case "waiting":
      return now.signal === undefined ? "timer" : "signal";
    default:
      return "working";
  }
}

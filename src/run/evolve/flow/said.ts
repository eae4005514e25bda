/**
 * What an agent that is given its history has answered in the turns of a loop. Each turn's lists go with it, so the outermost
 * `while` keeps the answers, by the step's path without visits.
 */
import { extract } from "../../../util/extract.ts";
import { isObject, type Json } from "../../../util/json.ts";
import { withoutVisits } from "../../path.ts";
import type { Frame, OpenTask } from "../../state.ts";

/** Answers that are kept of one step, and tokens of each but the last, which is kept whole. */
const MOST = 10;
const SHORT = 400;

/** Keeps what a step answered, where a turn to come is told. */
export function keepSaid({ step, frame, path }: OpenTask, result: Json): void {
  if (step.kind !== "delegate" || !step.context?.history) return;
  const loop = loopAround(frame);
  const text = isObject(result) && typeof result.response === "string" ? result.response : "";
  if (!loop || text === "") return;
  const said = saidBefore(frame, path).slice(1 - MOST);
  const last = said.pop();
  const earlier = last === undefined ? said : [...said, extract(last, SHORT).text];
  loop.said = { ...loop.said, [withoutVisits(path)]: [...earlier, text] };
}

/** What the step at a path in a list answered before, the latest last. */
export function saidBefore(frame: Frame, path: string): string[] {
  const { said = {} } = loopAround(frame) ?? {};
  const key = withoutVisits(path);
  return Object.hasOwn(said, key) ? [...(said[key] ?? [])] : [];
}

function loopAround(frame: Frame): OpenTask | undefined {
  let loop: OpenTask | undefined;
  for (let at: Frame | undefined = frame; at?.owner; at = at.owner.frame)
    if (at.kind === "turn") loop = at.owner;
  return loop;
}

/**
 * The door for what a running attempt asks of a person, and for its word that it no longer does.
 * Owns how often an attempt may ask; which answers fit is for `readAnswer`.
 */
import type { RunEvent } from "../event.ts";
import type { Inquiry } from "../signal.ts";
import type { RunState } from "../state.ts";

/** Questions of one attempt: an agent that asks for ever comes to an end. */
export const MOST_QUESTIONS = 200;

type Admitted =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly reason: string };

/** Admits a question of the attempt that runs now, or that it is taken back. */
export function admitInquiry(state: RunState, input: Inquiry): Admitted {
  const { path, attempt, token, question } = input;
  const task = state.open.get(path);
  const now = task?.state;
  if (!task || now?.is !== "running" || now.token !== token || now.stopping)
    return refused(`Attempt ${attempt} of ${path} is over, so nobody is asked for it.`);
  const open = (now.asked?.ids ?? [])
    .map((id) => state.breakpoints.get(id))
    .find((asked) => asked?.question === question);
  if (input.type === "withdrawn") {
    if (!open) return refused(`Attempt ${attempt} of ${path} asks no such question.`);
    const died = input.host_died ? { host_died: true as const } : {};
    return { ok: true, events: [{ type: "breakpoint_withdrawn", path, id: open.id, ...died }] };
  }
  if (open) return refused(`Attempt ${attempt} of ${path} asks this already.`);
  if (state.status === "cancelling")
    return refused(`The run is being cancelled, so nobody is asked for ${path}.`);
  if (question > MOST_QUESTIONS)
    return refused(
      `Attempt ${attempt} of ${path} has asked ${MOST_QUESTIONS} times, the most it may.`,
    );
  if (input.form.options.length === 0)
    return refused(`Attempt ${attempt} of ${path} offers nothing to choose from.`);
  // Apart from the questions of the step itself, whose names must not depend on what an agent happens to ask.
  const id = `${path}@${attempt}.${question}`;
  const { form } = input;
  return { ok: true, events: [{ type: "breakpoint_opened", path, id, form, attempt, question }] };
}

function refused(reason: string): Admitted {
  return { ok: false, reason };
}

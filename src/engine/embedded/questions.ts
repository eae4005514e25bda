/**
 * What one running attempt asks of people: numbered, handed to whoever drives the run, and answered once.
 * Owns the open questions of the attempt; keeps nothing beyond its end.
 */
import type { PermissionAnswer } from "../../run/ask/breakpoint.ts";
import type { Effect } from "../../run/command.ts";
import type { ActivityContext, Reply } from "../activity.ts";
import type { Report } from "../performer.ts";

export interface Questions {
  readonly ask: ActivityContext["ask"];
  /** The answer to a question; one that is not open is nobody's matter. */
  tell(question: number, answer: PermissionAnswer): void;
  /** Told whenever questions begin to be open, and when none is any more. */
  listen(listener: (open: boolean) => void): void;
}

/** An agent that has more questions open at once does not wait for answers. */
export const MOST_OPEN = 20;
/** Of one attempt. Who asks more often asks for ever, and its time, which stops while it asks, would never be up. */
export const MOST_ASKED = 500;

/**
 * The questions of one attempt. `report` never rejects; once `signal` aborts nobody is asked any more. `before`: how many it
 * had asked when its host died.
 */
export function createQuestions(
  { path, attempt, token }: Pick<Effect, "path" | "attempt" | "token">,
  report: Report,
  signal: AbortSignal,
  before = 0,
): Questions {
  const open = new Map<number, (reply: Reply) => void>();
  let last = before;
  let listener: (open: boolean) => void = () => undefined;
  const none = (reason: string): Reply => ({ kind: "none", reason });
  signal.addEventListener("abort", () => {
    for (const settle of [...open.values()]) settle(none("The attempt is being stopped."));
  });
  return {
    ask: ({ message, options }, withdraw) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(none("The attempt is being stopped."));
        if (withdraw?.aborted) return resolve(none("The question was taken back."));
        const many = tooMany(last, open.size);
        if (many !== undefined) return resolve(none(many));
        last += 1;
        const question = last;
        const take = (): void => {
          void report({ type: "withdrawn", path, attempt, token, question });
          settle(none("The question was taken back."));
        };
        const settle = (reply: Reply): void => {
          if (!open.delete(question)) return;
          withdraw?.removeEventListener("abort", take);
          listener(open.size > 0);
          resolve(reply);
        };
        open.set(question, settle);
        listener(true);
        withdraw?.addEventListener("abort", take);
        const form = { kind: "permission" as const, message, options };
        void report({ type: "asked", path, attempt, token, question, form }).then((admitted) => {
          if (!admitted.ok) settle(none(admitted.reason));
        });
      }),
    tell: (question, answer) => open.get(question)?.(answer),
    listen: (listening) => {
      listener = listening;
    },
  };
}

function tooMany(asked: number, open: number): string | undefined {
  if (open >= MOST_OPEN) return `It has ${open} questions open at once, which is all it may.`;
  if (asked >= MOST_ASKED)
    return `It has asked ${asked} questions in one attempt, which is all it may.`;
  return undefined;
}

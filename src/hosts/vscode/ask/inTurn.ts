/** Asks questions one after another, with a way back to any earlier one. Knows no editor; owns the order only. */
import type { Said } from "./quickInput.ts";

/** Asks one question; `index` from 0. Buttons are its own matter: it answers only these. */
export type Ask<T> = (
  index: number,
) => Promise<Exclude<Said<T>, { type: "button" }> | { readonly type: "rest" }>;

export type Turn<T> =
  | { readonly type: "all"; readonly answers: readonly T[] }
  /** Went back before the first. */
  | { readonly type: "back" }
  | { readonly type: "closed" };

/** Asks `count` questions. `rest` leaves those from here on unanswered: `answers` is then shorter. */
export async function askInTurn<T>(count: number, ask: Ask<T>): Promise<Turn<T>> {
  const answers: T[] = [];
  while (answers.length < count) {
    const said = await ask(answers.length);
    if (said.type === "closed") return said;
    if (said.type === "rest") break;
    if (said.type === "said") answers.push(said.value);
    else if (answers.length === 0) return said;
    else answers.pop();
  }
  return { type: "all", answers };
}

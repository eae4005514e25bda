/** One question of a run, from the screen to the run: asked, sent, and asked anew when the answer was refused. */
import type { RunWatch } from "../../../app/app.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { printableLine } from "../../../views/printable.ts";
import type { RunView } from "../screen/runView.ts";
import type { Session } from "../session/session.ts";
import { ask } from "./ask.ts";
import { type Keyboard, openKeyboard } from "./typing/keyboard.ts";

export interface AnswerPorts {
  readonly session: Session;
  readonly watch: RunWatch;
  readonly view: Pick<RunView, "pause" | "resume">;
  readonly keyboard: Keyboard;
}

/** False when the person left it for later. An answer given elsewhere meanwhile closes the prompt. */
export async function answerOne(
  { session, watch, view, keyboard }: AnswerPorts,
  open: Breakpoint,
): Promise<boolean> {
  const { app, terminal, env, me } = session;
  const gone = new AbortController();
  const stop = watch.onChange(() => {
    if (watch.state.breakpoints.get(open.id)?.hash !== open.hash) gone.abort();
  });
  view.pause();
  try {
    const asked = await ask(open, { keyboard, terminal, env, signal: gone.signal });
    if (gone.signal.aborted) {
      terminal.line("It was answered elsewhere.");
      return true;
    }
    if (!asked.said) {
      terminal.line(terminal.paint("dim", "Left open for later; nothing was decided."));
      return false;
    }
    const { answer } = asked;
    const admission = await app.signal(watch.run, {
      type: "answer",
      breakpoint: open.id,
      answer,
      by: me,
      shown: open.hash,
    });
    if (!admission.ok) terminal.line(terminal.paint("yellow", printableLine(admission.reason)));
    return true;
  } finally {
    stop();
    view.resume();
  }
}

/** The same outside of a run's view, for `fermata answer` without an answer. */
export async function answerOnce(
  session: Session,
  run: string,
  open: Breakpoint,
): Promise<boolean> {
  const watch = await session.app.watchRun(run);
  if (!watch) return false;
  const keyboard = openKeyboard(process.stdin, process.stdout);
  try {
    return await answerOne({ session, watch, view: NO_VIEW, keyboard }, open);
  } finally {
    keyboard.close();
    watch.dispose();
  }
}

const NO_VIEW: Pick<RunView, "pause" | "resume"> = {
  pause: () => undefined,
  resume: () => undefined,
};

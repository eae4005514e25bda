/**
 * Stays with a run until it rests: shows it, asks what it asks where there is a terminal, and says how it ended.
 * Owns the order of showing, asking and leaving. The run itself is driven by the app, here or elsewhere.
 */
import type { AnswersPolicy, RunWatch } from "../../../app/app.ts";
import type { RunState } from "../../../run/state.ts";
import { EXIT, type ExitCode, exitOfRun } from "../exitCode.ts";
import type { Keyboard } from "../prompts/typing/keyboard.ts";
import type { RunView } from "../screen/runView.ts";
import { commandLine } from "../session/programName.ts";
import type { Session } from "../session/session.ts";
import { sayRest } from "./endText.ts";
import { createInterrupts, type Interrupts } from "./interrupts.ts";
import { type PolicyWatch, watchPolicy } from "./policy.ts";
import { createWake, type Rest, restOf, type Wake } from "./rest.ts";

export interface FollowOptions {
  readonly json: boolean;
  /** Ask here what the run asks, where there is a terminal. */
  readonly asks: boolean;
  readonly answers?: AnswersPolicy;
}

/** Follows one run to its rest. Answers the number that this program ends with. */
export async function followRun(
  session: Session,
  run: string,
  options: FollowOptions,
): Promise<ExitCode> {
  const watch = await session.app.watchRun(run);
  if (!watch) {
    session.terminal.error(`There is no run ${run}.`);
    return EXIT.invalid;
  }
  const { terminal } = session;
  const keyboard = terminal.interactive ? await openKeys() : undefined;
  const view = await createView(session, options.json);
  const interrupts = createInterrupts(keyboard);
  const following: Following = {
    session,
    watch,
    view,
    keyboard,
    interrupts,
    options,
    wake: createWake(),
    policy: watchPolicy(options.answers, Date.now),
  };
  try {
    const rest = await stay(following);
    view.stop();
    keyboard?.close();
    sayRest(session, watch, rest, options.json);
    if (rest === "stopped") return EXIT.interrupted;
    // The journal takes no more: nobody is waited for, and whoever reads the number must look.
    return watch.stopped === undefined ? exitOfRun(watch.state) : EXIT.failed;
  } finally {
    interrupts.dispose();
    keyboard?.close();
    watch.dispose();
  }
}

interface Following {
  readonly session: Session;
  readonly watch: RunWatch;
  readonly view: RunView;
  readonly keyboard: Keyboard | undefined;
  readonly interrupts: Interrupts;
  readonly options: FollowOptions;
  readonly wake: Wake;
  readonly policy: PolicyWatch;
}

/** The loop: rest when the run rests, ask when it asks, otherwise wait for what comes. */
async function stay(following: Following): Promise<Rest> {
  const { watch, view, wake, policy, interrupts, keyboard, options } = following;
  const before = [...watch.refused].map(([path, reason]) => ({
    type: "refused" as const,
    path,
    reason,
  }));
  const stop = watch.onChange((change) => {
    policy.change(change);
    view.change(change);
    if (change.type === "stopped" && watch.ownership !== "here") view.note(change.message);
    wake.ring();
  });
  const later = new Set<string>();
  let told = false;
  try {
    await view.start(watch);
    for (const change of before) {
      policy.change(change);
      view.change(change);
    }
    interrupts.listen((count) => {
      view.note(count === 1 ? interruptNote(following) : "");
      wake.ring();
    });
    for (;;) {
      if (interrupts.count > 1 || (interrupts.count === 1 && watch.ownership === "elsewhere"))
        return "stopped";
      const open = [...watch.state.breakpoints.values()].find(
        (asked) => !later.has(asked.id) && !policy.answers(asked),
      );
      if (open && keyboard && options.asks && watch.state.status !== "cancelling") {
        const { answerOne } = await import("../prompts/answerOne.ts");
        const answered = await answerOne({ ...following, keyboard }, open);
        if (!answered) later.add(open.id);
        continue;
      }
      const rest = restOf(watch, policy.answers);
      const looksOn =
        rest === "waiting" &&
        (watch.ownership === "elsewhere" ? !options.asks : attemptAsks(watch.state));
      if (rest !== undefined && !looksOn) return rest;
      if (looksOn !== told) view.note(looksOn ? waitingNote(following) : "");
      told = looksOn;
      await wake.next(PATIENCE);
    }
  } finally {
    stop();
  }
}

/** An agent that asks lives in this process: leaving would end its attempt. */
function attemptAsks({ breakpoints }: RunState): boolean {
  for (const { question } of breakpoints.values()) if (question !== undefined) return true;
  return false;
}

/** A look at the clock now and then, for what no change announces; in ms. */
const PATIENCE = 1000;

function interruptNote({ session, watch }: Following): string {
  const resume = commandLine(session.call, "resume", watch.run);
  return `Ctrl-C again stops here; the run keeps its state. Go on later with: ${resume}`;
}

function waitingNote({ session, watch }: Following): string {
  return `It waits for an answer. What is asked, and how to answer: ${commandLine(session.call, "show", watch.run)}`;
}

async function openKeys(): Promise<Keyboard> {
  const { openKeyboard } = await import("../prompts/typing/keyboard.ts");
  return openKeyboard(process.stdin, process.stdout);
}

async function createView(session: Session, json: boolean): Promise<RunView> {
  const { terminal, app, me } = session;
  if (json) return (await import("../screen/jsonView.ts")).createJsonView(terminal, app);
  if (terminal.interactive)
    return (await import("../screen/liveView.ts")).createLiveView(terminal, me);
  return (await import("../screen/plainView.ts")).createPlainView(terminal, me);
}

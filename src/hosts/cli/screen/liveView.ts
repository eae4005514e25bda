/**
 * The run drawn again in place, ten times a second, as long as a person looks at it.
 * Owns the rhythm and the notes under the picture; the picture itself is views/plain/text.
 */
import { createLogUpdate } from "log-update";
import type { RunWatch } from "../../../app/app.ts";
import { agentLines } from "../../../run/start/chosenAgents.ts";
import { runText } from "../../../views/plain/text.ts";
import { runTree } from "../../../views/taskTree.ts";
import type { RunView } from "./runView.ts";
import { type Terminal, widthOf } from "./terminal.ts";

/** Between two pictures, in ms; more where a run is so large that drawing takes a tenth of it. */
const FRAME = 100;

/** A view for a terminal that can move its cursor. `me`: whose answers are "you". */
export function createLiveView(terminal: Terminal, me: string): RunView {
  const draw = createLogUpdate(process.stdout);
  let watch: RunWatch | undefined;
  let timer: NodeJS.Timeout | undefined;
  let tick = 0;
  let notes: readonly string[] = [];
  const picture = (looked: RunWatch): readonly string[] => {
    const { columns, rows } = terminal.size();
    const { state, live, ownership } = looked;
    return runText(runTree(state, { driven: ownership !== "nobody", live, me }), {
      workspace: state.started.workspace,
      agents: agentLines(state.started),
      width: columns,
      height: Math.max(6, rows - 1 - notes.length),
      widthOf,
      colour: terminal.colour,
      now: Date.now(),
      show: "open",
      tick,
    });
  };
  const frame = (): void => {
    if (!watch) return;
    tick += 1;
    draw([...picture(watch), ...notes.map((note) => terminal.paint("dim", ` ${note}`))].join("\n"));
  };
  const run = (): void => {
    const began = performance.now();
    frame();
    timer = setTimeout(run, Math.max(FRAME, 10 * (performance.now() - began)));
  };
  const halt = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    start: async (looked) => {
      watch = looked;
      run();
    },
    change: () => undefined,
    note: (text) => {
      notes = text === "" ? [] : [text];
      if (timer) frame();
    },
    pause: () => {
      halt();
      draw.clear();
    },
    resume: () => {
      halt();
      run();
    },
    stop: () => {
      halt();
      notes = [];
      frame();
      draw.done();
    },
  };
}

/**
 * Generated runs under people and machines that do anything at any time: answers, pauses, cancels, retries, crashes,
 * late and double outcomes, jumps of the clock. Whatever happened, the run can be brought to an end, and then nothing is
 * left of it; and at every turn the questions of `play` hold.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failedPaths } from "../../src/run/admit.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";
import type { Outcome, Signal, Turn } from "../../src/run/signal.ts";
import { createProgram } from "../../src/run/start/program.ts";
import { isFinished, type OpenTask } from "../../src/run/state.ts";
import { stateHash } from "../../src/run/stateHash.ts";
import type { Json } from "../../src/util/json.ts";
import { placedSteps } from "../../src/workflow/definition/stepPlace.ts";
import { type Draw, drawing } from "./drawing.ts";
import { CHILD, generateWorkflow } from "./generate.ts";
import { assertNothingLeft, folded, type Play, play } from "./play.ts";
import { rougher } from "./rougher.ts";
import { begin, bundleOf } from "./simulate.ts";

const SEEDS = 60;
const MOVES = 50;
const SILENT = { event: () => undefined, effect: () => undefined, refused: () => undefined };

const GATED = { commands: [{ name: "cmd", exit_code: 0, stdout: "95%", stderr: "" }] };
const GOOD: ActivityOutcome = { type: "completed", result: GATED };

function anyOutcome(draw: Draw): ActivityOutcome {
  const codes = [
    "tool_error",
    "timeout",
    "invalid_output",
    "agent_unavailable",
    "network",
  ] as const;
  const failure = { code: codes[draw(codes.length)] ?? "network", message: "no luck" };
  switch (draw(4)) {
    case 0:
      return { type: "failed", failure };
    case 1:
      return { type: "unknown", failure };
    default:
      return GOOD;
  }
}

function anyAnswer(draw: Draw): Json {
  const answers: Json[] = [
    { approved: true, confirmed: true, input: "x", selected: "retry", decision: "retry" },
    {
      request_changes: true,
      comments: ["more"],
      confirmed: false,
      input: "y",
      selected: "done",
      decision: "edit",
      response: "z",
    },
    {
      approved: true,
      plan: "- other",
      drop: [1],
      confirmed: "no",
      input: "",
      selected: "fail",
      decision: "approve",
    },
    {
      approved: false,
      reason: "no",
      confirmed: true,
      input: 1,
      selected: "retry",
      decision: "fail",
    },
  ];
  return answers[draw(4)] ?? null;
}

function anyAttempt(run: Play, draw: Draw): Outcome | undefined {
  const effect = run.performed[draw(Math.max(1, run.performed.length))];
  if (!effect) return undefined;
  const { path, attempt, token } = effect;
  return { type: "outcome", path, attempt, token, outcome: anyOutcome(draw) };
}

function running(run: Play, draw: Draw): Outcome | undefined {
  const tasks = [...run.state.open.values()].flatMap((task) =>
    task.state.is === "running" ? [{ ...task.state, path: task.path, attempt: task.attempts }] : [],
  );
  const task = tasks[draw(Math.max(1, tasks.length))];
  if (!task) return undefined;
  const { path, attempt, token } = task;
  return { type: "outcome", path, attempt, token, outcome: anyOutcome(draw) };
}

function answer(run: Play, raw: Json, nth: number): Signal | undefined {
  const open = [...run.state.breakpoints.values()][nth];
  if (!open) return undefined;
  return { type: "answer", breakpoint: open.id, answer: raw, by: "ann", shown: open.hash };
}

/** Two people debug: they set stops at any steps, step from wherever something is asked, and end their sessions. */
function anyStop(run: Play, draw: Draw): Signal {
  const session = `s${draw(2)}`;
  const by = "ann";
  const open = [...run.state.open.values()][draw(Math.max(1, run.state.open.size))];
  const pace = (["over", "into", "out", "any"] as const)[draw(4)] ?? "any";
  switch (draw(4)) {
    case 0:
      return { type: "stops_end", session, by };
    case 1:
      return { type: "step", session, by, pace, ...(open ? { path: open.path } : {}) };
    default: {
      const places = placesOf(run)
        .filter(() => draw(3) === 0)
        .map((at) => ({
          at,
          ...(draw(3) === 0 ? { condition: "state.base > 50" } : {}),
          ...(draw(4) === 0 ? { log: "{{ state.base }}" } : {}),
          ...(draw(4) === 0 ? { hits: { when: "every", n: 2 } as const } : {}),
        }));
      const also = draw(3) === 0 ? { pace } : {};
      return { type: "stops", session, by, host: "here", places, ...also };
    }
  }
}

function placesOf({ state }: Play): readonly string[] {
  const { workflows } = state.started.bundle;
  return Object.entries(workflows).flatMap(([key, workflow]) =>
    placedSteps(key, workflow).map(({ place }) => place),
  );
}

function anyInput(run: Play, draw: Draw): Signal | Outcome | Turn | undefined {
  switch (draw(17)) {
    case 14:
    case 15:
    case 16:
      return anyStop(run, draw);
    case 12:
    case 13: {
      const effect = run.performed[draw(Math.max(1, run.performed.length))];
      if (!effect) return undefined;
      const { path, attempt, token } = effect;
      return { type: draw(2) === 0 ? "queued" : "begun", path, attempt, token };
    }
    case 0:
      return { type: "pause", by: "ann" };
    case 1:
    case 2:
      return { type: "resume", by: "ann" };
    case 3: {
      const path = failedPaths(run.state)[draw(3)];
      return { type: "retry", by: "ann", ...(path === undefined ? {} : { path }) };
    }
    case 4:
      return draw(25) === 0 ? { type: draw(2) === 0 ? "cancel" : "kill", by: "ann" } : undefined;
    case 5:
      return draw(3) > 0
        ? anyAttempt(run, draw)
        : { type: "set", updates: { base: draw(100) }, by: "ann" };
    case 6:
    case 7:
    case 8:
      return answer(run, anyAnswer(draw), draw(Math.max(1, run.state.breakpoints.size)));
    default:
      return running(run, draw);
  }
}

function makeMove(run: Play, draw: Draw): void {
  if (draw(15) === 0) return run.crash(draw(2) * 5_000);
  if (draw(40) === 0) return run.jump(draw(60_000) - 30_000);
  if (draw(5) === 0) {
    const due = run.due();
    return run.tick(
      draw(3) === 0 || due === undefined ? run.at + draw(5_000) : Math.max(due, run.at),
    );
  }
  const inputs = Array.from({ length: 1 + draw(3) }, () => anyInput(run, draw));
  run.post(inputs.filter((input) => input !== undefined));
}

/** Calls of an agent that a task has made, those of its iterations before included. */
function callsAt(task: OpenTask | undefined): number {
  return (task?.attempts ?? 0) + (task?.supervised?.calls ?? 0);
}

/** From now on people answer, machines succeed, and time goes by: the run must come to an end. */
function bringToEnd(run: Play): void {
  for (let left = 300; !isFinished(run.state) || run.state.status === "failed"; left--) {
    assert.ok(left > 0, `no end: ${run.state.status} ${JSON.stringify(run.state.failure)}`);
    const { state } = run;
    const before = state.seq;
    if (state.status === "paused") run.post([{ type: "resume", by: "ann" }]);
    if (state.status === "failed") {
      if (state.undone.done + state.undone.failed > 0) return;
      if (failedPaths(state).every((path) => callsAt(state.open.get(path)) >= 8)) return;
      run.post([{ type: "retry", by: "ann" }]);
    }
    for (const session of [...state.stops.keys()])
      run.post([{ type: "stops_end", session, by: "ann" }]);
    const approving = {
      ...{ approved: true, confirmed: true, input: "x", selected: "done" },
      ...{ decision: "edit", response: "x" },
    };
    run.post([answer(run, approving, 0) ?? []].flat());
    for (const task of [...state.open.values()]) {
      if (task.state.is !== "running") continue;
      const { path, attempts: attempt } = task;
      run.post([{ type: "outcome", path, attempt, token: task.state.token, outcome: GOOD }]);
    }
    const due = run.due();
    if (state.seq === before && due !== undefined) run.tick(Math.max(due, run.at));
  }
}

test("whatever happens to a run, it can be brought to an end that leaves nothing behind", () => {
  let stopped = 0;
  let passed = 0;
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const draw = drawing(seed * 7919);
    const program = createProgram();
    const bundle = bundleOf(JSON.stringify(rougher(draw, JSON.parse(generateWorkflow(draw)))), {
      "child.workflow.yaml": CHILD,
    });
    const run = play(program, begin(program, bundle), () => "hang", SILENT);
    try {
      for (let move = 0; move < MOVES; move++) makeMove(run, draw);
      bringToEnd(run);
      const { state } = run;
      assertNothingLeft(state);
      assert.equal(stateHash(folded(run.records)), stateHash(state), "fold");
      for (const { event } of run.records)
        if (event.type === "stop_passed") passed += 1;
        else if (event.type === "breakpoint_opened" && event.form.kind === "stop")
          if (event.form.session !== undefined) stopped += 1;
      ends.set(state.status, (ends.get(state.status) ?? 0) + 1);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  assert.ok(stopped > 40 && passed > 15, `${stopped} stops, ${passed} passed`);
  assert.ok((ends.get("done") ?? 0) > 15, `ends: ${JSON.stringify([...ends])}`);
  assert.ok((ends.get("rejected") ?? 0) > 0, `ends: ${JSON.stringify([...ends])}`);
  assert.ok((ends.get("cancelled") ?? 0) > 1, `ends: ${JSON.stringify([...ends])}`);
});

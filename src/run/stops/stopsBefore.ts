/**
 * Whether a run stops before a step: because its file says so, because a session set a stop there, or because one steps.
 * Looks only. What it says is said once for a task: its events are what the run remembers.
 */
import type { Form } from "../ask/breakpoint.ts";
import type { Command } from "../command.ts";
import { type Evaluated, holds, type Moment, renderText } from "../decide/scope.ts";
import { placeOf, type Standing, standingOf } from "../decide/standing.ts";
import type { RunEvent } from "../event.ts";
import { comparePaths, nodeKey, parentPath } from "../path.ts";
import type { Frame } from "../state.ts";
import { placeAt, takes } from "./lanes.ts";
import type { Hits, StopPlace, StopSession } from "./stop.ts";

/** Why a session stops a run, as its form says it. */
export type StopWhy = "breakpoint" | "step";

/** The commands that come before a step begins; none when it may. */
export function stopsBefore(moment: Moment, standing: Standing): readonly Command[] {
  const { step, task } = standing;
  if (task?.cleared || task?.looked) return [];
  const { passed, stop } = look(moment, standing);
  const form = step.breakpoint === "before" ? ownForm(standing) : stop;
  if (!form) return passed;
  const { path } = standing;
  const id = `${path}@${(task?.questions ?? 0) + 1}`;
  return [...passed, { event: { type: "breakpoint_opened", path, id, form } }];
}

/**
 * The same commands with at most one stop for each step that a session asked for: of several tasks that begin at once it
 * is the first, and the others begin.
 */
export function oneStopEach(
  moment: Moment,
  commands: readonly Command[],
  begin: (moment: Moment, standing: Standing) => readonly Command[],
): readonly Command[] {
  if (moment.state.stops.size === 0) return commands;
  const first = new Map<string, string>();
  for (const { event } of commands) {
    const session = steppedBy(event);
    const other = session === undefined ? undefined : first.get(session);
    if (session !== undefined && (other === undefined || comparePaths(pathOf(event), other) < 0))
      first.set(session, pathOf(event));
  }
  return commands.flatMap((command) => {
    const session = steppedBy(command.event);
    const path = pathOf(command.event);
    if (session === undefined || first.get(session) === path) return [command];
    const standing = standingAtPath(moment, path);
    return standing ? begin({ ...moment, stepped: true }, standing) : [];
  });
}

interface Looked {
  readonly passed: readonly Command[];
  readonly stop?: Form;
}

function look(moment: Moment, standing: Standing): Looked {
  const { state } = moment;
  if (state.stops.size === 0 || !mayStop(moment, standing)) return { passed: [] };
  const at = placeAt(state, standing.frame, standing.step);
  const passed: Command[] = [];
  let stop: Form | undefined;
  for (const session of state.stops.values()) {
    const place = session.places.find((each) => each.at === at);
    const found = place && comeTo(moment, standing, session, place);
    if (found?.type === "pass") passed.push({ event: found.event });
    stop ??= found?.type === "stop" ? found.form : undefined;
    const taken = session.paces.some((pace) => takes(pace, standing.frame));
    if (taken && !moment.stepped) stop ??= steppedForm(standing, session);
  }
  return stop ? { passed, stop } : { passed };
}

/** What the product itself put into a run is no place to stop, and what is being undone does not wait for anybody. */
function mayStop({ state }: Moment, { frame, step }: Standing): boolean {
  if (state.status !== "running" || (step.kind === "graph" && step.unfolded)) return false;
  for (let at: Frame | undefined = frame; at; at = at.owner?.frame)
    if (at.kind === "gates" || at.kind === "compensation") return false;
  return true;
}

type Come =
  | { readonly type: "pass"; readonly event: RunEvent }
  | { readonly type: "stop"; readonly form: Form };

function comeTo(
  moment: Moment,
  standing: Standing,
  session: StopSession,
  place: StopPlace,
): Come | undefined {
  const met = isMet(moment, standing, place);
  if (!met.ok) {
    const why = `the condition of a breakpoint that ${session.by} set could not be evaluated: ${met.failure.message.replace(/\.$/, "")}`;
    return { type: "stop", form: formOf(standing, session, "breakpoint", why, place) };
  }
  if (!met.value) return undefined;
  const counts = place.hits === undefined || isHit(place.hits, (session.counts[place.at] ?? 0) + 1);
  if (counts && place.log === undefined) {
    const when = place.condition === undefined ? "" : ` (${place.condition})`;
    const why = `a breakpoint that ${session.by} set${when}`;
    return { type: "stop", form: formOf(standing, session, "breakpoint", why, place) };
  }
  if (!counts && place.hits === undefined) return undefined;
  const message =
    counts && place.log !== undefined ? textOf(moment, standing, place.log) : undefined;
  return {
    type: "pass",
    event: {
      type: "stop_passed",
      path: standing.path,
      session: session.session,
      place: place.at,
      ...(message === undefined ? {} : { message }),
    },
  };
}

function isMet(moment: Moment, standing: Standing, { condition }: StopPlace): Evaluated<boolean> {
  if (condition === undefined) return { ok: true, value: true };
  return holds(moment, seeingAll(standing), condition);
}

function textOf(moment: Moment, standing: Standing, log: string): string {
  const text = renderText(moment, seeingAll(standing), log);
  return text.ok ? text.value : `${log} could not be evaluated: ${text.failure.message}`;
}

/** Who debugs sees more than the step does. */
function seeingAll(standing: Standing): ReturnType<typeof placeOf> {
  const { needs: _needs, ...place } = placeOf(standing);
  return place;
}

function isHit({ when, n }: Hits, count: number): boolean {
  switch (when) {
    case "only":
      return count === n;
    case "from":
      return count >= n;
    case "every":
      return count % n === 0;
  }
}

function ownForm({ step }: Standing): Form {
  return {
    kind: "stop",
    message: `Stopped before ${step.name ?? step.id}. Continue when you are ready.`,
  };
}

function steppedForm(standing: Standing, session: StopSession): Form {
  return formOf(standing, session, "step", `${session.by} goes through the run step by step`);
}

function formOf(
  { step }: Standing,
  { session }: StopSession,
  why: StopWhy,
  words: string,
  place?: StopPlace,
): Form {
  const message = `Stopped before ${step.name ?? step.id}: ${words}. Continue when you are ready.`;
  return {
    ...{ kind: "stop", message, session, why },
    ...(place === undefined ? {} : { place: place.at }),
  };
}

function steppedBy(event: RunEvent): string | undefined {
  if (event.type !== "breakpoint_opened" || event.form.kind !== "stop") return undefined;
  return event.form.why === "step" ? event.form.session : undefined;
}

function pathOf(event: RunEvent): string {
  return "path" in event ? (event.path ?? "") : "";
}

function standingAtPath({ state }: Moment, path: string): Standing | undefined {
  const frame = state.frames.get(nodeKey(path)) ?? state.frames.get(parentPath(path));
  return frame && standingOf(state, frame);
}

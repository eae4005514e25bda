/**
 * What an expression of a step sees: the roots of LANGUAGE.md, the run's recorded chance and clock.
 * Reads the state, changes nothing; the large roots are built only when an expression asks for them.
 */
import type { Escape, EvalContext } from "../../expression/context.ts";
import { seededRandom } from "../../expression/random.ts";
import { isTruthy, renderTemplate, renderValue } from "../../expression/template.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { isObject, own } from "../../util/json.ts";
import { type Failure, failure } from "../failure.ts";
import type { Program } from "../start/program.ts";
import { type Body, beganAt, type Frame, type RunState } from "../state.ts";

/** What a decision is made from. `at` is the time of the batch, in ms since the epoch. */
export interface Moment {
  readonly program: Program;
  readonly state: RunState;
  readonly at: number;
  /** Nobody's step is taken any more: another task that begins at the same time takes it. */
  readonly stepped?: true;
}

export type Evaluated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** The run's generator at a place, once something has drawn from it. */
export interface Chance {
  draw?: () => number;
}

/** The place an expression stands at: its list, its task's path, and what the step may read. */
export interface Place {
  readonly frame: Frame;
  readonly path: string;
  readonly attempt: number;
  /** Goes on from one field of a step to the next, so that no two draws are the same draw. */
  readonly chance: Chance;
  readonly needs?: readonly string[] | undefined;
  readonly more?: JsonObject;
  /** A body other than the list's: the item about to begin. */
  readonly body?: Pick<Body, "item" | "loop" | "inputs" | "state" | "strict">;
}

/** Evaluates a field that is an expression as a whole; a missing value is null. */
export function evaluate(moment: Moment, place: Place, source: string): Evaluated<Json> {
  const compiled = moment.program.expression(source);
  if (!compiled.ok) return wrong(source, compiled.error.message);
  const result = renderTemplate(compiled.template, contextFor(moment, place));
  return result.ok
    ? { ok: true, value: result.value ?? null }
    : wrong(source, result.error.message);
}

/** Evaluates a condition. */
export function holds(moment: Moment, place: Place, source: string): Evaluated<boolean> {
  const result = evaluate(moment, place, source);
  return result.ok ? { ok: true, value: isTruthy(result.value) } : result;
}

/** Renders every text inside a structure. */
export function render(moment: Moment, place: Place, value: Json, quote?: Escape): Evaluated<Json> {
  const options = quote ? { escape: quote } : {};
  const result = renderValue(value, contextFor(moment, place), moment.program.template, options);
  return result.ok
    ? { ok: true, value: result.value ?? null }
    : wrong(result.source, result.error.message);
}

/** Renders a structure whose outside is an object. */
export function renderObject(
  moment: Moment,
  place: Place,
  value: JsonObject,
): Evaluated<JsonObject> {
  const result = render(moment, place, value);
  if (!result.ok) return result;
  return { ok: true, value: isObject(result.value) ? result.value : {} };
}

/** Renders a template to text; what is not text becomes JSON, nothing becomes "". */
export function renderText(moment: Moment, place: Place, source: string): Evaluated<string> {
  const result = render(moment, place, source);
  return result.ok ? { ok: true, value: asText(result.value) } : result;
}

/** A value as a person or an agent reads it: a delegate's result is its response. */
export function asText(value: Json): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (isObject(value) && typeof value.response === "string") return value.response;
  return JSON.stringify(value, null, 2);
}

function contextFor(moment: Moment, place: Place): EvalContext {
  const { state, at } = moment;
  const body = place.body ?? place.frame.body;
  return {
    roots: rootsFor(moment, place),
    at,
    random: () => {
      const { chance, path, attempt } = place;
      chance.draw ??= seededRandom(state.started.seed, path, attempt);
      return chance.draw();
    },
    env: (name) => (Object.hasOwn(state.started.env, name) ? state.started.env[name] : undefined),
    lenient: !body.strict,
  };
}

function rootsFor({ state }: Moment, place: Place): JsonObject {
  const { frame } = place;
  const body = place.body ?? frame.body;
  return {
    inputs: body.inputs,
    get state() {
      return body.strict ? visible(body.state, place.needs) : body.state;
    },
    get steps() {
      return resultsAt(frame);
    },
    get run() {
      return {
        id: state.started.run,
        started_at: new Date(beganAt(state)).toISOString(),
        workflow: state.started.bundle.main,
      };
    },
    ...(body.item === undefined ? {} : { item: body.item }),
    ...(body.loop === undefined ? {} : { loop: body.loop }),
    ...(frame.body.task === undefined ? {} : { task: frame.body.task }),
    ...place.more,
  };
}

/** The part of a state that `needs_state` allows; nested paths keep their nesting. */
function visible(state: JsonObject, needs: readonly string[] | undefined): JsonObject {
  if (!needs || needs.includes("*")) return state;
  const seen: Record<string, Json> = {};
  for (const need of needs) {
    const keys = need.split(".");
    let from: Json | undefined = state;
    let into = seen;
    keys.forEach((key, index) => {
      from = isObject(from) ? own(from, key) : undefined;
      if (from === undefined) return;
      if (index === keys.length - 1) {
        into[key] = from;
        return;
      }
      const next: Record<string, Json> = isObject(into[key]) ? { ...into[key] } : {};
      into[key] = next;
      into = next;
    });
  }
  return seen;
}

/** Results of earlier steps of this list and of the lists around it, within the same body. */
export function resultsAt(frame: Frame): JsonObject {
  if (frame.beside) return { ...resultsAt(frame.beside), ...frame.results };
  const around =
    frame.kind === "workflow" || (frame.kind === "item" && isTask(frame))
      ? undefined
      : frame.owner?.frame;
  return around ? { ...resultsAt(around), ...frame.results } : frame.results;
}

function isTask(frame: Frame): boolean {
  return frame.owner?.step.kind === "foreach" && frame.owner.step.task !== undefined;
}

function wrong(source: string, message: string): { readonly ok: false; readonly failure: Failure } {
  return {
    ok: false,
    failure: failure("expression_error", message, { source: source.slice(0, 2000) }),
  };
}

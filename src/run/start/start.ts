/** How a body begins: its inputs with their defaults, its fields with their first values. Pure; used by runs and by `decide`. */
import type { Json, JsonObject } from "../../util/json.ts";
import { own } from "../../util/json.ts";
import { checkInputs, formatInputProblem } from "../../workflow/inputs.ts";
import type { TaskDefinition } from "../../workflow/workflow.ts";
import { type Evaluated, type Moment, type Place, renderObject } from "../decide/scope.ts";
import { failure } from "../failure.ts";

export interface BodyStart {
  readonly inputs: JsonObject;
  readonly state: JsonObject;
}

/** Checks the inputs of a body and renders its `initial_state`; every field that its steps write starts as null. */
export function bodyStart(
  moment: Moment,
  definition: TaskDefinition,
  given: JsonObject,
  place: Place & { readonly strict: boolean; readonly item?: Json; readonly loop?: JsonObject },
): Evaluated<BodyStart> {
  const checked = checkInputs(definition.inputs, given);
  if (!checked.ok) {
    const said = checked.problems.map(formatInputProblem).join(" ");
    return {
      ok: false,
      failure: failure("invalid_input", `The inputs of ${place.path} do not fit: ${said}`),
    };
  }
  const inputs = checked.values;
  const body = {
    inputs,
    state: {},
    strict: place.strict,
    ...(place.item === undefined ? {} : { item: place.item }),
    ...(place.loop === undefined ? {} : { loop: place.loop }),
  };
  const state = renderObject(
    moment,
    { ...place, needs: undefined, body },
    definition.initial_state,
  );
  if (!state.ok) return state;
  const written = moment.program.written(definition.steps);
  const missing = Object.keys(written).filter((field) => own(state.value, field) === undefined);
  return {
    ok: true,
    value: {
      inputs,
      state: { ...state.value, ...Object.fromEntries(missing.map((f) => [f, null])) },
    },
  };
}

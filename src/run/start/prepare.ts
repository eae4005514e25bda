/** The first event of a run, from a linked bundle and what the person gave: everything that steers it later is in it. */
import { hashText } from "../../util/hash.ts";
import type { JsonObject } from "../../util/json.ts";
import type { Evaluated } from "../decide/scope.ts";
import type { RunStarted } from "../event.ts";
import { evolve } from "../evolve/evolve.ts";
import { failure } from "../failure.ts";
import type { Program } from "./program.ts";
import { bodyStart } from "./start.ts";

/** All of `run_started` that does not follow from the bundle and the inputs. */
export type RunSetting = Omit<RunStarted, "type" | "state" | "inputs" | "bundle_hash">;

/**
 * The `run_started` event: inputs checked and defaulted, the initial state rendered at `at` (ms).
 * Fails with `invalid_input` or `expression_error`; nothing has happened then.
 */
export function prepareRun(
  program: Program,
  setting: RunSetting,
  inputs: JsonObject,
  at: number,
): Evaluated<RunStarted> {
  const { bundle } = setting;
  const main = bundle.workflows[bundle.main];
  if (!main)
    return {
      ok: false,
      failure: failure("internal", `The bundle lacks its main workflow ${bundle.main}.`),
    };
  const empty: RunStarted = {
    type: "run_started",
    ...setting,
    bundle_hash: hashText(JSON.stringify(bundle)),
    inputs: {},
    state: {},
  };
  const state = evolve(undefined, { seq: 1, at, event: empty });
  const place = { frame: state.root, path: main.name, attempt: 0, chance: {}, strict: main.strict };
  const started = bodyStart({ program, state, at }, main, inputs, place);
  return started.ok ? { ok: true, value: { ...empty, ...started.value } } : started;
}

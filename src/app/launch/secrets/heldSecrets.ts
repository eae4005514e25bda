/**
 * Values of secrets that stand where a run would record them for ever: in a workflow's own text, in the settings of an agent.
 * Owns where is looked and the words for what is found; how a value looks is the redactor's.
 */

import type { RunStarted } from "../../../run/event.ts";
import { type Failure, failure } from "../../../run/failure.ts";
import { agentIn } from "../../../workflow/agents/agentKey.ts";
import { places } from "../../../workflow/place.ts";

/** The name of a secret whose value a text holds, of at least so many characters. */
export type HeldIn = (text: string, least: number) => string | undefined;

/** A text that holds so many characters of a value holds it for no other reason. */
const NO_CHANCE = 12;

/** Why a run may not start from this, or undefined when no value of a secret is in it. */
export function heldSecret(
  find: HeldIn,
  { bundle, agents }: Pick<RunStarted, "bundle" | "agents">,
): Failure | undefined {
  const heldIn = (part: unknown) => find(JSON.stringify(part), NO_CHANCE);
  // Nearly always there is none, and one look tells.
  if (heldIn([bundle, agents]) === undefined) return undefined;
  for (const [key, agent] of Object.entries(agents)) {
    const name = heldIn(agent);
    if (name !== undefined)
      return held(name, `The settings of the agent ${agentIn(key)} hold`, `\${secret:${name}}`);
  }
  for (const [key, workflow] of Object.entries(bundle.workflows)) {
    for (const { step } of places(workflow)) {
      const name = heldIn(step);
      if (name !== undefined)
        return held(name, `The step ${step.id} of ${key} holds`, `{{ secret('${name}') }}`);
    }
  }
  const name = heldIn([bundle, agents]) ?? "";
  return held(name, `The workflow ${bundle.main} holds`, `{{ secret('${name}') }}`);
}

function held(name: string, what: string, reference: string): Failure {
  const message = `${what} the value of the secret ${name}, which the run would record. Write ${reference} in its place where a secret may stand (env, headers), or take it out.`;
  return failure("invalid_input", message, { kind: "secret_held", secret: name });
}

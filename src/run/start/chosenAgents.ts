/** What stands behind the names of agents in a run, and why, for people and programs. Owns those words. Pure. */

import { isObject, type Json, type JsonObject } from "../../util/json.ts";
import { agentIn } from "../../workflow/agents/agentKey.ts";
import type { RunStarted } from "../event.ts";

/** A choice as a run records it. */
interface Chosen {
  readonly adapter: string;
  readonly why: string;
  readonly definition?: Json;
}

/** What stands behind a name: `acp gemini, model x (found gemini on PATH)`. */
export function behindName({ adapter, why, definition }: Chosen): string {
  const { acp_agent: known, model } = isObject(definition) ? definition : {};
  const which = typeof known === "string" ? ` ${known}` : "";
  const asked = typeof model === "string" ? `, model ${model}` : "";
  return `${adapter}${which}${asked} (${why})`;
}

/** Each agent of a run with what stands behind it: `@task: claude (found claude on PATH)`. */
export function agentLines({ agents }: Pick<RunStarted, "agents">): readonly string[] {
  return Object.entries(agents).map(([key, chosen]) => `${nameOf(key)}: ${behindName(chosen)}`);
}

/** A name as people know it, and the first of the workflows that mean this agent by it. */
function nameOf(key: string): string {
  const name = agentIn(key);
  return name === key ? name : `${name} of ${key.slice(name.length + 1)}`;
}

/** The same for programs, by name. */
export function agentFacts({ agents }: Pick<RunStarted, "agents">): JsonObject {
  return Object.fromEntries(
    Object.entries(agents).map(([name, { adapter, why, definition }]) => {
      const model = isObject(definition) ? definition.model : undefined;
      return [name, { adapter, why, ...(model === undefined ? {} : { model }) }];
    }),
  );
}

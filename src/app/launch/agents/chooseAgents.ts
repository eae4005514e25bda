/**
 * The agents of a run: one for every name in every workflow of it, chosen by that workflow's own settings.
 * Owns the keys under which the run keeps them. A name's first meaning, the main file's before all others, has the name
 * itself; where the settings of another workflow make it another agent, that one has a key of its own.
 */
import type { ChosenAgent, RunStarted } from "../../../run/event.ts";
import type { Failure } from "../../../run/failure.ts";
import type { JsonObject } from "../../../util/json.ts";
import { agentIn, agentKey } from "../../../workflow/agents/agentKey.ts";
import { agentsWanted } from "../../../workflow/agents/agentNames.ts";
import { bindAgents } from "../../../workflow/agents/bindAgents.ts";
import type { Bundle, Workflow } from "../../../workflow/workflow.ts";

/** `name` undefined: the agent for steps that name none. `overrides`: the workflow's own settings, by name. */
export type ChooseAgent = (
  name: string | undefined,
  overrides: Readonly<Record<string, JsonObject>>,
) => Promise<
  | { readonly ok: true; readonly name: string; readonly agent: ChosenAgent }
  | { readonly ok: false; readonly failure: Failure }
>;

/** What a run keeps of its agents, and its bundle with their keys. */
export type ChosenAgents = Pick<
  RunStarted,
  "bundle" | "agents" | "default_agent" | "default_agents"
>;

/** Chooses every agent that a bundle needs; fails with the first that cannot be chosen. */
export async function chooseAgents(
  choose: ChooseAgent,
  bundle: Bundle,
): Promise<
  | { readonly ok: true; readonly value: ChosenAgents }
  | { readonly ok: false; readonly failure: Failure }
> {
  const table = createTable();
  const chooseOnce = once(choose);
  const keys = new Map<string, ReadonlyMap<string, string>>();
  const defaults = new Map<string, string>();
  for (const [workflow, definition] of mainFirst(bundle)) {
    const own = new Map<string, string>();
    for (const wanted of agentsWanted(definition)) {
      const choice = await chooseOnce(wanted, definition.agents);
      if (!choice.ok) return choice;
      const key = table.keyFor(choice.name, choice.agent, workflow);
      if (wanted === undefined) defaults.set(workflow, key);
      else own.set(wanted, key);
    }
    keys.set(workflow, own);
  }
  const [first = Object.keys(table.agents())[0] ?? "@task"] = defaults.values();
  const others = [...defaults].filter(([, key]) => key !== first);
  return {
    ok: true,
    value: {
      bundle: bindAgents(bundle, (workflow, name) => keys.get(workflow)?.get(name) ?? name),
      agents: table.agents(),
      default_agent: first,
      ...(others.length === 0 ? {} : { default_agents: Object.fromEntries(others) }),
    },
  };
}

/** Most workflows have no settings, so that what one was given holds for all of them. */
function once(choose: ChooseAgent): ChooseAgent {
  const made = new Map<string, ReturnType<ChooseAgent>>();
  return (name, overrides) => {
    const question = JSON.stringify([name ?? null, overrides]);
    const choice = made.get(question) ?? choose(name, overrides);
    made.set(question, choice);
    return choice;
  };
}

/** Agents by their keys: equal ones of one name share the key. */
function createTable() {
  const agents = new Map<string, ChosenAgent>();
  return {
    agents: () => Object.fromEntries(agents),
    keyFor: (name: string, agent: ChosenAgent, workflow: string): string => {
      const text = JSON.stringify(agent);
      const same = [...agents].find(
        ([key, known]) => agentIn(key) === name && JSON.stringify(known) === text,
      );
      if (same) return same[0];
      const key = agents.has(name) ? agentKey(name, workflow) : name;
      agents.set(key, agent);
      return key;
    },
  };
}

function mainFirst({ main, workflows }: Bundle): readonly (readonly [string, Workflow])[] {
  const all = Object.entries(workflows);
  return [...all.filter(([key]) => key === main), ...all.filter(([key]) => key !== main)];
}

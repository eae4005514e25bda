/**
 * What is wrong with one file of settings, in sentences: names that are none, values of another form. Owns the forms; what a
 * single agent's settings may be is its adapter's to say.
 */
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";

/** What a setting must be, and how that is said. */
interface Rule {
  readonly holds: (value: Json) => boolean;
  readonly expected: string;
}

const text: Rule = { holds: (value) => typeof value === "string", expected: "a text" };

const RULES: Readonly<Record<string, Rule>> = {
  defaultAgent: text,
  agents: { holds: each(isObject), expected: "a JSON object of agents, each with an object" },
  prices: {
    holds: each((price) => isObject(price) && isAmount(price.input) && isAmount(price.output)),
    expected: 'a JSON object of models, each as {"input": 1, "output": 4}',
  },
  searchEndpoint: { holds: (value) => value === "" || isAddress(value), expected: "an address" },
  env: {
    holds: (value) => isList(value) && value.every(text.holds),
    expected: "a list of names of variables",
  },
  agentAnswers: oneOf("never", "questions", "all"),
  workers: {
    holds: each((worker) => isAddress(isObject(worker) ? worker.url : worker)),
    expected: 'a JSON object of workers, each an address or {"url": "http://..."}',
  },
  maxAgents: {
    holds: (value) => Number.isInteger(value) && Number(value) >= 1,
    expected: "a whole number from 1",
  },
  logLevel: oneOf("debug", "info", "warn", "error"),
  // Read, and told about, where it is used.
  retention: { holds: () => true, expected: "" },
};

/** Empty when nothing is wrong. A name that is like none of ours may be somebody else's. */
export function wrongSettings(layer: JsonObject): readonly string[] {
  return Object.entries(layer).flatMap(([name, value]) => {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (rule && !rule.holds(value)) return [`${name} must be ${rule.expected}.`];
    if (rule) return name === "agents" && isObject(value) ? twins(value) : [];
    const meant = closest(name, Object.keys(RULES));
    return meant === undefined ? [] : [`There is no setting ${name}. Did you mean ${meant}?`];
  });
}

/** Agents that are named with and without their `@`. */
function twins(agents: JsonObject): readonly string[] {
  const twice = Object.keys(agents).filter((name) => Object.hasOwn(agents, `@${name}`));
  return twice.map(
    (name) => `agents says "${name}" and "@${name}", which are one agent. Keep one.`,
  );
}

function each(holds: (value: Json) => boolean): Rule["holds"] {
  return (value) => isObject(value) && Object.values(value).every(holds);
}

function oneOf(...words: string[]): Rule {
  return {
    holds: (value) => typeof value === "string" && words.includes(value),
    expected: `one of ${words.join(", ")}`,
  };
}

function isAmount(value: Json | undefined): boolean {
  return typeof value === "number" && value >= 0;
}

function isAddress(value: Json | undefined): boolean {
  return typeof value === "string" && /^https?:\/\//i.test(value) && URL.canParse(value);
}

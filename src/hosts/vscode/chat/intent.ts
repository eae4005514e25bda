/**
 * What a person means by a line to @fermata. Owns how workflows, inputs and questions are told apart in plain words,
 * without a model. Pure.
 */
import type { JsonObject } from "../../../util/json.ts";
import type { Inputs } from "../../../workflow/definition/inputDefinition.ts";

export type Intent =
  | {
      readonly kind: "start";
      readonly workflow: string;
      readonly inputs: JsonObject;
      /** Names of the inputs that are still needed. */
      readonly missing: readonly string[];
    }
  /** Several workflows fit. */
  | { readonly kind: "which"; readonly workflows: readonly string[] }
  | { readonly kind: "workflows" }
  | { readonly kind: "runs" }
  /** How a run stands; without an id the one that was spoken of last. */
  | { readonly kind: "run"; readonly run?: string }
  /** How long it took, beside one thing after the other. */
  | { readonly kind: "work"; readonly run?: string }
  | { readonly kind: "help" }
  | { readonly kind: "unknown"; readonly text: string };

/** A workflow that can be started. */
export interface Offered {
  readonly name: string;
  readonly inputs: Inputs;
}

/** The slash commands of the participant. */
export const CHAT_COMMANDS = ["run", "workflows", "runs", "show", "time"] as const;

/** Reads a line, with the slash command before it if there is one. */
export function readIntent(
  request: { readonly command?: string; readonly text: string },
  offered: readonly Offered[],
): Intent {
  const text = request.text.trim();
  const run = RUN.exec(text)?.[0];
  const about = run === undefined ? {} : { run };
  switch (request.command) {
    case "run":
      return startOf(text, offered) ?? { kind: "unknown", text };
    case "workflows":
      return { kind: "workflows" };
    case "runs":
      return { kind: "runs" };
    case "show":
      return { kind: "run", ...about };
    case "time":
      return { kind: "work", ...about };
    default:
      return plainIntent(text, about, offered);
  }
}

/** What starts a workflow once its name and inputs are known, in the words that `readIntent` reads. */
export function startLine(workflow: string, inputs: JsonObject): string {
  const given = Object.entries(inputs).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${name}="${text.replaceAll('"', "'")}"`;
  });
  return [workflow, ...given].join(" ");
}

const RUN = /\brun_[a-z2-7]{12}\b/;
const ORDER = /^(?:please\s+)?(?:run|start|launch|execute|begin)\s+(?:(?:the|a|an)\s+)?/i;
const QUESTION =
  /^(?:how|what|which|where|when|why|who|is|are|was|did|does|do|can|show|list|tell|status|help)\b/i;
const WORK =
  /how long|one after (?:the )?(?:other|another)|sequential|speed.?up|faster|in parallel|time did/i;

function plainIntent(
  text: string,
  about: { readonly run?: string },
  offered: readonly Offered[],
): Intent {
  if (text === "" || /^(?:help|\?)\W*$/i.test(text)) return { kind: "help" };
  if (!QUESTION.test(text) && about.run === undefined) {
    const start = startOf(text, offered);
    if (start) return start;
  }
  if (WORK.test(text)) return { kind: "work", ...about };
  if (about.run !== undefined) return { kind: "run", ...about };
  if (/\b(?:workflows|templates)\b/i.test(text)) return { kind: "workflows" };
  if (/\bruns\b|\bwhat(?:'s| is| are)? (?:is )?running\b/i.test(text)) return { kind: "runs" };
  if (/\bstatus\b|\bhow (?:is|does) (?:it|the run)\b|\b(?:last|latest|this) run\b/i.test(text))
    return { kind: "run" };
  return { kind: "unknown", text };
}

/** `[run] NAME ...`, or a first word that is at home in one workflow's name: "plan adding rate limiting". */
function startOf(text: string, offered: readonly Offered[]): Intent | undefined {
  const order = text.replace(ORDER, "");
  const named = [...offered]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => startsWithName(order, name));
  if (named) return filled(named, order.slice(named.name.length));
  const word = /^[\p{L}\p{N}][\p{L}\p{N}_-]*/u.exec(order)?.[0] ?? "";
  const fitting = offered.filter(({ name }) =>
    name.split(/[-_\s]+/).some((part) => isSameWord(part.toLowerCase(), word.toLowerCase())),
  );
  const [only] = fitting;
  if (only === undefined) return undefined;
  if (fitting.length > 1) return { kind: "which", workflows: fitting.map(({ name }) => name) };
  return filled(only, order.slice(word.length));
}

function startsWithName(text: string, name: string): boolean {
  const start = text.slice(0, name.length).toLowerCase().replaceAll(" ", "-");
  return start === name.toLowerCase() && !/^[\p{L}\p{N}_-]/u.test(text.slice(name.length));
}

/** Two forms of a word share all but the end of the shorter one: plan and planning, migrate and migration. */
function isSameWord(a: string, b: string): boolean {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  return shared >= Math.max(4, Math.min(a.length, b.length) - 1);
}

/** `name=value` gives an input; all other words go to the first text that is still needed. */
function filled({ name, inputs }: Offered, text: string): Intent {
  const given: Record<string, string> = {};
  const rest = text.replace(PAIR, (pair, key: string, double, single, bare) => {
    if (!Object.hasOwn(inputs, key)) return pair;
    given[key] = double ?? single ?? bare;
    return "";
  });
  const words = rest.replace(/^[\s:,.-]+/, "").trim();
  const home = words === "" ? undefined : homeOf(inputs, given);
  if (home !== undefined) given[home] = words;
  const missing = Object.entries(inputs)
    .filter(
      ([key, { required, default: preset }]) => required && preset === undefined && !(key in given),
    )
    .map(([key]) => key);
  return { kind: "start", workflow: name, inputs: given, missing };
}

const PAIR = /\b([A-Za-z_][\w-]*)=(?:"([^"]*)"|'([^']*)'|(\S+))/g;

function homeOf(inputs: Inputs, given: JsonObject): string | undefined {
  const texts = Object.entries(inputs).filter(
    ([key, { type }]) => type === "string" && !(key in given),
  );
  return (texts.find(([, { required }]) => required) ?? texts[0])?.[0];
}

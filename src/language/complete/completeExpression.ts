/**
 * What may be written inside `{{ }}` and `{% %}`: names in reach, members, filters, tests, functions.
 * Owns reading the half-written tail of an expression; everything offered exists, by the language's own tables.
 */
import { type Described, names } from "../../expression/names.ts";
import { STEP_KINDS } from "../../workflow/schema/stepKinds.ts";
import type { Step } from "../../workflow/workflow.ts";
import { folded } from "../occurrences.ts";
import { type Surroundings, surroundingsAt } from "../scopeAt.ts";
import type { Asked, Completion, CompletionKind } from "./offer.ts";

/** Offers inside a template at the cursor; undefined when the cursor stands in the text around templates. */
export function completeExpression(
  asked: Asked,
  kind: "template" | "expression",
  offset: number,
): readonly Completion[] | undefined {
  const { cursor, workflow } = asked;
  const tail = openTail(cursor.typed, kind);
  if (!tail) return undefined;
  const around = workflow && surroundingsAt(workflow, cursor.path);
  const offers = offersAfter(tail, around);
  const word = /\w*$/.exec(tail.text)?.[0] ?? "";
  return offers.map((offer) => ({ ...offer, start: offset - word.length, end: offset }));
}

interface Tail {
  /** From the opening braces to the cursor. */
  readonly text: string;
  readonly statement: boolean;
}

/** The unclosed expression that the cursor stands in. */
function openTail(typed: string, kind: "template" | "expression"): Tail | undefined {
  const open = Math.max(typed.lastIndexOf("{{"), typed.lastIndexOf("{%"));
  const close = Math.max(typed.lastIndexOf("}}"), typed.lastIndexOf("%}"));
  if (open > close) return { text: typed.slice(open + 2), statement: typed[open + 1] === "%" };
  return kind === "expression" && open < 0 ? { text: typed, statement: false } : undefined;
}

type Offer = Omit<Completion, "start" | "end">;

function offersAfter(
  { text, statement }: Tail,
  around: Surroundings | undefined,
): readonly Offer[] {
  if (isInText(text)) return [];
  if (statement && /^-?\s*\w*$/.test(text)) return STATEMENTS.map((word) => offer("keyword", word));
  if (/\|\s*\w*$/.test(text)) return names().filters.map((each) => described("filter", each));
  if (/\bis\s+(not\s+)?\w*$/.test(text))
    return names().tests.map((each) => described("test", each));
  const chain = /([A-Za-z_]\w*(?:\.\w+|\[\s*(?:\d+|"[^"]*"|'[^']*')\s*\])*)\.\w*$/.exec(text);
  if (chain?.[1] !== undefined) return members(chain[1], around);
  if (/[\w)\]"']\s+\w*$/.test(text) && !OPERATOR_BEFORE.test(text)) {
    return OPERATORS.map((word) => offer("keyword", word));
  }
  return roots(around);
}

const STATEMENTS = [
  "if",
  "elif",
  "else",
  "endif",
  "for",
  "endfor",
  "set",
  "endset",
  "with",
  "endwith",
];
const OPERATORS = ["and", "or", "not", "in", "is", "if", "else"];
const OPERATOR_BEFORE = /(\b(and|or|not|in|if|elif|else|set)|[-+*/%~=<>,(:[{])\s+\w*$/;

/** True inside a text in quotes. */
function isInText(text: string): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") at++;
    else if (quote === "") quote = character === '"' || character === "'" ? character : "";
    else if (character === quote) quote = "";
  }
  return quote !== "";
}

function members(chain: string, around: Surroundings | undefined): readonly Offer[] {
  const parts = chain.split(/[.[\]]+/).map((part) => part.trim().replace(/^["']|["']$/g, ""));
  const [root = "", member = "", ...deeper] = parts.filter((part) => part !== "");
  if (member === "") return rootMembers(root, around) ?? methods();
  if (root === "steps" && deeper.length === 0) {
    const step = around?.earlier.findLast(({ id }) => folded(id) === folded(member));
    const known = step ? resultKeys(step) : [];
    if (known.length > 0) return known.map((key) => offer("field", key, `result of ${step?.id}`));
  }
  return methods();
}

function rootMembers(root: string, around: Surroundings | undefined): readonly Offer[] | undefined {
  switch (root) {
    case "state":
      return [...(around?.scope.fields ?? [])].map((field) => offer("field", field, "state field"));
    case "inputs":
      return Object.entries(around?.body.inputs ?? {}).map(([name, { type, description = "" }]) =>
        offer("input", name, type, description),
      );
    case "steps":
      return (around?.earlier ?? []).map(({ id, kind, name = "" }) =>
        offer("step", folded(id), kind, name),
      );
    case "run":
      return ["id", "started_at", "workflow"].map((name) => offer("name", name));
    case "loop":
      return ["index", "index0", "first", "last", "length"].map((name) => offer("name", name));
    default:
      return undefined;
  }
}

/** What a step's result holds, by the line that documents it. */
export function resultKeys(step: Step): readonly string[] {
  const line = STEP_KINDS[step.kind]?.result ?? "";
  const part =
    step.kind === "prompt"
      ? `${new RegExp(`\\b${step.input} \\{([^}]*)\\}`).exec(line)?.[1] ?? ""}, answered_by, answered_at`
      : (/\{([^}]*)\}/.exec(line)?.[1] ?? "");
  return part
    .split(",")
    .map((each) => /^\s*(\w+)(?=\s*(\(|$|\[))/.exec(each)?.[1] ?? "")
    .filter((key) => key !== "");
}

function roots(around: Surroundings | undefined): readonly Offer[] {
  const here = ["inputs", "state", "steps", "run", ...(around?.scope.more ?? [])];
  if (around && around.scope.item !== "no") here.push("item", "loop");
  return [
    ...here.map((name) => offer("name", name, ROOT_DOCS[name] ?? "")),
    ...names().functions.map((each) => described("function", each)),
  ];
}

const ROOT_DOCS: Readonly<Record<string, string>> = {
  inputs: "what this workflow or task was given",
  state: "fields of the state",
  steps: "results of earlier steps",
  run: "id, start and workflow of this run",
  item: "the item of the foreach around this",
  loop: "index and length of the foreach around this",
};

function methods(): readonly Offer[] {
  return names().methods.map((each) => ({
    ...described("method", each),
    insert: each.signature.endsWith("()") ? `${each.name}()` : `${each.name}(`,
    detail: `of ${each.on}: ${each.signature}`,
  }));
}

function described(kind: CompletionKind, { name, signature, doc }: Described): Offer {
  return { label: name, kind, insert: name, detail: signature, doc };
}

function offer(kind: CompletionKind, name: string, detail = "", doc = ""): Offer {
  return { label: name, kind, insert: name, detail, doc };
}

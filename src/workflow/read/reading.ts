/**
 * What every reader of a node has in hand: the file, where it stands, and where problems go.
 * Owns no rule of the language.
 */
import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import type { JsonObject } from "../../util/json.ts";
import type { Diagnostic, Severity } from "../diagnostic.ts";
import type { Fix } from "../edit.ts";
import type { SourceMap } from "../source.ts";
import { nodeSpan } from "./node.ts";

/** A problem at a node or between two offsets. */
export interface Problem {
  readonly at: Node | readonly [number, number];
  readonly code: string;
  readonly message: string;
  readonly severity?: Severity;
  readonly expected?: string;
  readonly suggestion?: string;
  readonly fix?: Fix;
}

export interface Reading {
  readonly source: SourceMap;
  readonly report: (problem: Problem) => void;
  /** Takes one from the budget of nodes; false once it is spent (aliases of aliases). */
  readonly spend: () => boolean;
  /** Takes characters from the budget of what aliases repeat; false once it is spent. */
  readonly spendText: (characters: number) => boolean;
  /** True when a topic is asked for the first time: what is said once a file. */
  readonly isFirst: (topic: string) => boolean;
  /** Reads a list of steps; here because shapes contain steps and steps are made of shapes. */
  readonly readSteps: (reading: Reading, node: Node, label: string) => JsonObject[] | undefined;
  /** Lists of steps around this place. */
  readonly depth: number;
  /** Called when the file shows itself to be of the legacy dialect. */
  readonly legacy: () => void;
}

/** Nodes read before a file is refused: 50 times what a large workflow has. */
const NODE_BUDGET = 200_000;

/** Characters that a file's aliases may repeat, all together: a run keeps every one of them in its journal. */
const ALIAS_BUDGET = 1_000_000;

/** Problems of one file, after which nobody reads on. */
const MOST_PROBLEMS = 500;

/** Ends the reading of a file that is no workflow in earnest; what was found until then stands. */
export class TooManyProblems extends Error {}

export function startReading(input: {
  readonly source: SourceMap;
  readonly diagnostics: Diagnostic[];
  readonly legacy: () => void;
  readonly readSteps: Reading["readSteps"];
}): Reading {
  let left = NODE_BUDGET;
  let textLeft = ALIAS_BUDGET;
  const told = new Set<string>();
  return {
    source: input.source,
    depth: 0,
    readSteps: input.readSteps,
    legacy: input.legacy,
    report: ({ at, severity = "error", message, ...rest }) => {
      const [start, end] = isSpan(at) ? at : nodeSpan(at);
      const range = input.source.range(start, end);
      input.diagnostics.push({ severity, range, message: sentence(message), ...rest });
      if (input.diagnostics.length >= MOST_PROBLEMS) throw new TooManyProblems();
    },
    spend: () => {
      left--;
      return left >= 0;
    },
    spendText: (characters) => {
      textLeft -= characters;
      return textLeft >= 0;
    },
    isFirst: (topic) => !told.has(topic) && told.add(topic) !== undefined,
  };
}

/**
 * The node behind an alias, or the node itself; undefined for an absent or unusable one, and once the file's aliases
 * stand for more text than a file may have by a multiple.
 */
export function resolve(reading: Reading, node: unknown): Node | undefined {
  const found = reading.source.resolve(node);
  if (!isAlias(node)) return found;
  if (!found) {
    const message = `\`*${node.source}\` stands for nothing: there is no \`&${node.source}\` before it.`;
    reading.report({ at: node, code: "yaml", message });
    return undefined;
  }
  const [start, end] = nodeSpan(found);
  if (reading.spendText(end - start)) return found;
  const message = `The aliases of this file stand for more than ${ALIAS_BUDGET} characters of text.`;
  if (reading.isFirst("aliases")) reading.report({ at: node, code: "too-large", message });
  return undefined;
}

/** For a look at what is read again in earnest: it says nothing and costs nothing. */
export function muted(reading: Reading): Reading {
  return { ...reading, report: () => undefined, spendText: () => true };
}

/** What a node is, for "expected X, found Y". */
export function describe(node: Node | undefined): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (!isScalar(node) || node.value === null) return "nothing";
  if (typeof node.value === "string") return `the text ${quote(node.value)}`;
  return String(node.source ?? node.value);
}

/** A short text in quotes. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

function isSpan(at: Problem["at"]): at is readonly [number, number] {
  return Array.isArray(at);
}

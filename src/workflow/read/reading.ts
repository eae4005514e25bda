/**
 * What every reader of a node has in hand: the document, where it stands, and where problems go.
 * Owns no rule of the language.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
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
  readonly document: Document;
  readonly source: SourceMap;
  readonly report: (problem: Problem) => void;
  /** Takes one from the budget of nodes; false once it is spent (aliases of aliases). */
  readonly spend: () => boolean;
  /** Reads a list of steps; here because shapes contain steps and steps are made of shapes. */
  readonly readSteps: (reading: Reading, node: Node, label: string) => JsonObject[] | undefined;
  /** Lists of steps around this place. */
  readonly depth: number;
  /** Called when the file shows itself to be of the legacy dialect. */
  readonly legacy: () => void;
}

/** Nodes read before a file is refused: 50 times what a large workflow has. */
const NODE_BUDGET = 200_000;

export function startReading(input: {
  readonly document: Document;
  readonly source: SourceMap;
  readonly diagnostics: Diagnostic[];
  readonly legacy: () => void;
  readonly readSteps: Reading["readSteps"];
}): Reading {
  let left = NODE_BUDGET;
  return {
    document: input.document,
    source: input.source,
    depth: 0,
    readSteps: input.readSteps,
    legacy: input.legacy,
    report: ({ at, severity = "error", message, ...rest }) => {
      const [start, end] = isSpan(at) ? at : nodeSpan(at);
      const range = input.source.range(start, end);
      input.diagnostics.push({ severity, range, message: sentence(message), ...rest });
    },
    spend: () => {
      left--;
      return left >= 0;
    },
  };
}

/** The node behind an alias, or the node itself; undefined for an absent or unusable one. */
export function resolve(reading: Reading, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(reading.document);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
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

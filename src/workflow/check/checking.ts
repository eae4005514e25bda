/**
 * What every check has in hand: the file, what is known of the world around it, and where problems go.
 * Owns no rule of the language.
 */
import type { JsonObject } from "../../util/json.ts";
import type { Diagnostic, DocumentPath, Range, Severity } from "../diagnostic.ts";
import type { Fix } from "../edit.ts";
import { removeKey, replaceBy } from "../mend/fixes.ts";
import type { SourceMap } from "../source.ts";
import type { BodyRef, TaskDefinition, Workflow } from "../workflow.ts";

/** Names known outside the file; what is absent is not checked. */
export interface Lookups {
  /** Agents of the catalogue, with or without their `@`. */
  readonly agents?: Iterable<string>;
  /** The agent for steps that name none; absent: `@task`. */
  readonly defaultAgent?: string;
  /** What is wrong with the settings of one agent. */
  readonly agentSettings?: (settings: JsonObject) => readonly SettingProblem[];
  /** Names of configured MCP servers. */
  readonly servers?: Iterable<string>;
  /** `server.tool`; only servers named here have their tools checked. */
  readonly tools?: Iterable<string>;
  /** Names of configured workers. */
  readonly workers?: Iterable<string>;
  /** Tools that were looked for and cannot be called, with the reason as a sentence. */
  readonly refusedTools?: ReadonlyMap<string, string>;
}

/** What is wrong with one setting of an agent. */
export interface SettingProblem {
  readonly key: string;
  readonly part: "key" | "value";
  /** Nothing is wrong with it, but it does nothing. */
  readonly idle?: true;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

export interface Finding {
  /** A place in the document, or an exact range. */
  readonly at: DocumentPath | Range;
  /** Which part of the place: its key or, as without it, its value. */
  readonly part?: "key" | "value";
  readonly code: string;
  readonly message: string;
  readonly severity?: Severity;
  readonly expected?: string | undefined;
  readonly suggestion?: string | undefined;
  /** Without one, a suggestion is made one where it can stand for the key or value at a path. */
  readonly fix?: Fix | undefined;
}

export interface Checking {
  readonly workflow: Workflow;
  readonly source: SourceMap;
  readonly lookups: Lookups;
  /** The body that a resolved reference leads to. */
  readonly target: (body: BodyRef) => TaskDefinition | undefined;
  /** How a body of this file is started; `undefined` is the main body. */
  readonly calledBy: (task: string | undefined) => {
    readonly foreach: boolean;
    readonly workflow: boolean;
  };
  readonly report: (finding: Finding) => void;
}

/** Turns findings into diagnostics of one file. */
export function reportTo(source: SourceMap, diagnostics: Diagnostic[]): Checking["report"] {
  return ({ at, part = "value", severity = "error", code, message, expected, ...more }) => {
    const { suggestion } = more;
    const range = isRange(at) ? at : source[part](at);
    const fix = more.fix ?? (isRange(at) ? undefined : suggested(source, at, part, suggestion));
    diagnostics.push({
      severity,
      code,
      message,
      range,
      ...(expected === undefined ? {} : { expected }),
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(fix === undefined ? {} : { fix }),
    });
  };
}

/** Warns of a key that changes nothing where it stands. */
export function reportNoEffect(checking: Checking, at: DocumentPath, message: string): void {
  const fix = removeKey(checking.source, at);
  checking.report({ at, part: "key", severity: "warning", code: "no-effect", message, fix });
}

function suggested(
  { edits }: SourceMap,
  at: DocumentPath,
  part: "key" | "value",
  suggestion: string | undefined,
): Fix | undefined {
  if (suggestion === undefined) return undefined;
  const edit =
    part === "key" ? edits.renameKey(at, suggestion) : edits.replaceValue(at, suggestion);
  return replaceBy(suggestion, edit);
}

/** Where a legacy file is warned and today's language refuses. */
export function strictly(checking: Checking): Severity {
  return checking.workflow.strict ? "error" : "warning";
}

/** "one of a, b, c", or what to say when there is none. */
export function oneOf(names: Iterable<string>, none: string): string {
  const list = [...names];
  if (list.length === 0) return none;
  if (list.length === 1) return `\`${list[0]}\``;
  const more = list.length - MOST_NAMES;
  const shown = list.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `one of ${shown} and ${more} more` : `one of ${shown}`;
}

/** Names in one message. */
const MOST_NAMES = 30;

function isRange(at: Finding["at"]): at is Range {
  return "start" in at;
}

/**
 * From a file's text to a workflow as data, with every problem of form at its place.
 * Owns YAML and the dialect; what names mean and whether they exist is for `link` and `validate`.
 */
import { type Document, isMap, parseDocument, type YAMLMap } from "yaml";
import type { JsonObject } from "../util/json.ts";
import { type Diagnostic, hasErrors } from "./diagnostic.ts";
import { type Reading, startReading, TooManyProblems } from "./read/reading.ts";
import { readRecord } from "./read/readShape.ts";
import { readSteps } from "./read/readSteps.ts";
import { yamlProblems } from "./read/yamlProblems.ts";
import { FILE_FIELDS } from "./schema/fileFields.ts";
import { createSourceMap, type SourceMap } from "./source.ts";
import type { Workflow } from "./workflow.ts";

export interface ParsedWorkflow {
  /** Only when no problem of form is an error: what may be run once linked and validated. */
  readonly workflow?: Workflow;
  /**
   * The same file with stand-ins for what could not be read, for validation and the editor. Absent when the text is
   * not a YAML mapping. Never to be run.
   */
  readonly draft?: Workflow;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: SourceMap;
}

/** Characters of a file before it is refused: a thousand steps. The largest is still read while a person types. */
const LONGEST = 256 * 1024;

/** Problems of YAML that are reported; those behind them mostly follow from them. */
const MOST_YAML_PROBLEMS = 20;

/**
 * Parses one file. `legacy` forces the older dialect (a sub-task file that a legacy file loads); otherwise the
 * file's name and text decide, and its own `strict` key goes first. Never throws for any text.
 */
export function parseWorkflow(input: {
  readonly text: string;
  readonly fileName: string;
  readonly legacy?: boolean;
}): ParsedWorkflow {
  const { text, fileName } = input;
  const yaml = parseYaml(text);
  const source = createSourceMap(fileName, text, yaml.document);
  const diagnostics: Diagnostic[] = [];
  let legacy = input.legacy === true || !isTodaysName(fileName);
  const reading = startReading({
    source,
    diagnostics,
    readSteps,
    legacy: () => {
      legacy = true;
    },
  });
  if (reportYaml(reading, yaml)) return { diagnostics: diagnostics.sort(byPosition), source };
  const root = yaml.document.contents;
  if (!isMap(root)) {
    const message = text.trim() === "" ? "This file is empty." : "This file is not a workflow.";
    const expected = "a mapping with `name`, `version` and `steps`";
    reading.report({ at: [0, 0], code: "wrong-type", message, expected });
    return { diagnostics, source };
  }
  const record = readRoot(reading, root);
  if (!record) return { diagnostics: diagnostics.sort(byPosition), source };
  const strict = typeof record.strict === "boolean" ? record.strict : !legacy;
  // The one edge between checked data and its type: `readRecord` has just checked it against the tables.
  const draft = { ...record, strict } as unknown as Workflow;
  diagnostics.sort(byPosition);
  return { ...(hasErrors(diagnostics) ? {} : { workflow: draft }), draft, diagnostics, source };
}

function readRoot(reading: Reading, root: YAMLMap): JsonObject | undefined {
  try {
    return readRecord(reading, root, FILE_FIELDS, "the workflow");
  } catch (error) {
    if (error instanceof TooManyProblems) return undefined;
    throw error;
  }
}

/** True for `NAME.workflow.yaml` (or `.yml`): files of today's language by their name. */
export function isTodaysName(fileName: string): boolean {
  return /\.workflow\.ya?ml$/.test(fileName);
}

interface Yaml {
  readonly document: Document;
  readonly refusal?: { readonly at: number; readonly why: string };
}

function parseYaml(text: string): Yaml {
  const options = {
    uniqueKeys: false,
    prettyErrors: false,
    version: "1.2",
    logLevel: "error",
  } as const;
  if (text.length > LONGEST) {
    return {
      document: parseDocument("", options),
      refusal: { at: LONGEST, why: `it is longer than ${LONGEST} characters` },
    };
  }
  try {
    return { document: parseDocument(text, options) };
  } catch {
    return {
      document: parseDocument("", options),
      refusal: { at: 0, why: "it is nested too deeply" },
    };
  }
}

function reportYaml(reading: Reading, { document, refusal }: Yaml): boolean {
  if (refusal !== undefined) {
    const { at, why } = refusal;
    reading.report({ at: [at, at], code: "yaml", message: `This file cannot be read: ${why}.` });
    return true;
  }
  const problems = yamlProblems(document, reading.source.text, MOST_YAML_PROBLEMS);
  for (const problem of problems) reading.report({ ...problem, code: "yaml" });
  return problems.length > 0;
}

function byPosition(a: Diagnostic, b: Diagnostic): number {
  return a.range.start.offset - b.range.start.offset;
}

/**
 * A workflow file as the editor has it in hand: its data, its places, its nodes, and what its names mean.
 * Owns nothing but bringing them together; problems are the validator's matter.
 */
import { type Document, parseDocument } from "yaml";
import { parseWorkflow } from "../workflow/parse.ts";
import type { SourceMap } from "../workflow/source.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { type Occurrence, occurrencesIn } from "./occurrences.ts";

export interface WorkflowReading {
  /** With stand-ins for what could not be read; never to be run. */
  readonly workflow: Workflow;
  readonly source: SourceMap;
  readonly document: Document;
  readonly occurrences: readonly Occurrence[];
}

/** Reads a text; undefined when it is not a YAML mapping. Never throws for any text. */
export function readWorkflow(fileName: string, text: string): WorkflowReading | undefined {
  const { draft, source } = parseWorkflow({ fileName, text });
  if (!draft) return undefined;
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  return { workflow: draft, source, document, occurrences: occurrencesIn(draft, source) };
}

/**
 * The templates of a part of a file with what each reads and calls, in offsets of the text as written.
 * Owns compiling for the editor: what does not compile is left out, the validator tells of it.
 */
import { type Reference, references, type Use, uses } from "../expression/references.ts";
import { compileExpression, compileTemplate } from "../expression/template.ts";
import type { JsonObject } from "../util/json.ts";
import { templatesOf, templatesOfStep } from "../workflow/check/templates.ts";
import type { DocumentPath } from "../workflow/diagnostic.ts";
import { structure } from "../workflow/schema/shape.ts";
import type { SourceMap } from "../workflow/source.ts";
import type { Step } from "../workflow/workflow.ts";

export interface FoundTemplate {
  readonly path: DocumentPath;
  /** The text that the offsets are of. */
  readonly written: string;
  readonly reads: readonly Reference[];
  readonly uses: readonly Use[];
}

/** Every template of a step (its inner lists left out), or of free values such as `initial_state`. */
export function fieldsWithTemplates(
  source: SourceMap,
  from: Step | JsonObject,
  path: DocumentPath,
): readonly FoundTemplate[] {
  const found = isStep(from) ? templatesOfStep(from, path) : templatesOf(from, structure, path);
  return found.flatMap(({ path: at, text, kind }) => {
    if (kind === "text") return [];
    // A bare expression was wrapped when it was read; as written, its offsets are those of the file.
    const written = kind === "expression" ? (source.scalar(at) ?? text) : text;
    const compiled = kind === "expression" ? compileExpression(written) : compileTemplate(text);
    if (!compiled.ok) return [];
    const { template } = compiled;
    return [{ path: at, written, reads: references(template), uses: uses(template) }];
  });
}

function isStep(from: Step | JsonObject): from is Step {
  return typeof from.kind === "string" && typeof from.id === "string";
}

/**
 * Where the steps of a workflow are written: for a debugger, which knows lines, of runs, which know places.
 * Owns which files are told of: all that the workflow leads to.
 */
import { placedSteps } from "../../workflow/definition/stepPlace.ts";
import { linkBundle } from "../../workflow/link.ts";
import type { FoundSteps } from "../app.ts";
import type { Files } from "../files.ts";
import { errorsOf, findTemplate, type TemplatePlaces, withFiles } from "./templates.ts";

/** The steps of a template, by name or path, and of the files that it leads to. */
export async function findSteps(
  files: Files,
  places: TemplatePlaces,
  template: string,
): Promise<FoundSteps> {
  const found = await findTemplate(files, places, template);
  if (!found.ok) return { ok: false, message: found.message, diagnostics: [] };
  const main = { fileName: found.file, text: found.text };
  const linked = await withFiles(files, places, (load) => linkBundle({ ...main, load }));
  const [first] = errorsOf(linked.diagnostics);
  if (first) {
    const message = `${first.fileName}:${first.range.start.line}: ${first.message}`;
    return { ok: false, message, diagnostics: linked.diagnostics };
  }
  return {
    ok: true,
    main: files.resolve(places.workspace, found.file),
    files: linked.files.map(({ key, fileName, parsed, workflow }) => ({
      file: files.resolve(places.workspace, fileName),
      workflow: key,
      steps: placedSteps(key, workflow).map(({ place, step, path }) => ({
        place,
        title: step.name ?? step.id,
        range: parsed.source.value(path),
      })),
    })),
  };
}

/** Rewrites a workflow file into today's language. Owns reading and writing it; the changes are the language's. */
import type { Lookups } from "../../workflow/check/checking.ts";
import { migrate } from "../../workflow/mend/migrate.ts";
import type { Migrated } from "../app.ts";
import type { Files } from "../files.ts";
import { type TemplatePlaces, withFiles } from "./templates.ts";

/** Writes only when told to, and not when the file has changed meanwhile. */
export async function migrateTemplate(
  files: Files,
  places: TemplatePlaces,
  { file, text }: { readonly file: string; readonly text: string },
  lookups: Lookups,
  write: boolean,
): Promise<Migrated> {
  const {
    left,
    edits: _,
    text: after,
    ...made
  } = await withFiles(files, places, (load) => migrate({ fileName: file, text, load, lookups }));
  const written = write && after !== text && (await files.readText(file)) === text;
  if (written) await files.replaceText(file, after);
  // What is left stands in the file under the name that it has.
  const diagnostics = left.map((found) => ({ ...found, fileName: file }));
  return { ...made, file, diagnostics, before: text, after };
}

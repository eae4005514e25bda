/**
 * Which files a run says that it changed, and in which task. Owns where results say so; opens no file. Pure.
 */
import type { Recorded } from "../../run/event.ts";
import { isList, isObject, type Json } from "../../util/json.ts";

/** A file as an agent named it, and the path of the task. */
export interface TouchedFile {
  readonly file: string;
  readonly path: string;
  /** In ms since the epoch. */
  readonly at: number;
}

/** In the order of the events; a file may be there more than once. */
export function touchedFiles(records: readonly Recorded[]): readonly TouchedFile[] {
  return records.flatMap(({ at, event }) =>
    event.type === "attempt_completed"
      ? filesIn(event.result).map((file) => ({ file, path: event.path, at }))
      : [],
  );
}

/** The files that a result names as changed: texts, or objects with a `path`. */
export function filesIn(result: Json | undefined): readonly string[] {
  const files = isObject(result) ? result.files_changed : undefined;
  if (!isList(files)) return [];
  return files.flatMap((file) => {
    if (typeof file === "string") return [file];
    return isObject(file) && typeof file.path === "string" ? [file.path] : [];
  });
}

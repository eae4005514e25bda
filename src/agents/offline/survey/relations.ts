/**
 * How files hang together: who imports a file, what it imports, and which tests speak of it.
 * Owns the reading of import lines. Pure; works on profiles.
 */
import { posix } from "node:path";
import { subjectName } from "../plan/project.ts";
import type { FileProfile, ImportLine } from "./profile.ts";
import type { Survey } from "./survey.ts";

export interface Use {
  readonly path: string;
  readonly at: ImportLine;
}

/** The lines that import a file, tests left out unless asked for, in the order of the walk. */
export function usersOf(
  survey: Survey,
  path: string,
  limit: number,
  tests = false,
): readonly Use[] {
  const uses: Use[] = [];
  for (const file of survey.files) {
    if (file.path === path || (file.role === "test") !== tests) continue;
    const at = file.imports.find((one) => names(one.module, file.path, path));
    if (at !== undefined) uses.push({ path: file.path, at });
    if (uses.length >= limit) break;
  }
  return uses;
}

/** The workspace's own files that a file imports. */
export function importedBy(survey: Survey, path: string): readonly FileProfile[] {
  const file = survey.byPath.get(path);
  if (file === undefined) return [];
  return file.imports.flatMap(({ module }) => {
    const target = module.startsWith(".")
      ? resolved(survey, path, module)
      : survey.files.find((one) => one.role === "source" && names(module, path, one.path));
    return target === undefined || target.path === path ? [] : [target];
  });
}

/** The test files named after a file; where several files bear the name, only those of the same folder's name. */
export function testsNamedAfter(survey: Survey, path: string): readonly FileProfile[] {
  const name = subjectName(path).toLowerCase();
  const same = survey.files.filter((file) => subjectName(file.path).toLowerCase() === name);
  const several = same.filter((file) => file.role === "source").length > 1;
  const folder = path.split("/").at(-2) ?? "";
  return same.filter(
    (file) =>
      file.role === "test" &&
      file.firstTest !== undefined &&
      (!several || (file.path.split("/").at(-2) ?? "") === folder),
  );
}

function resolved(survey: Survey, from: string, module: string): FileProfile | undefined {
  const target = posix.join(posix.dirname(from), module);
  const bare = withoutExtension(target);
  return (
    survey.byPath.get(target) ??
    survey.files.find(
      ({ path }) => withoutExtension(path) === bare || withoutExtension(path) === `${bare}/index`,
    )
  );
}

/** Whether an import in `from` means the file at `path`. */
function names(module: string, from: string, path: string): boolean {
  if (languageOf(from) !== languageOf(path)) return false;
  const bare = withoutExtension(path);
  if (/^\.{1,2}\//.test(module)) {
    const target = withoutExtension(posix.join(posix.dirname(from), module));
    return target === bare || `${target}/index` === bare;
  }
  if (!/[.:]/.test(module) || /^[@\w-]+(?:\/|$)/.test(module)) return false;
  const dotted = module.replace(/^(?:crate|self|super)::|^\.+/, "").replace(/::|\./g, "/");
  const last = dotted.split("/").slice(-2).join("/");
  return bare === dotted || bare.endsWith(`/${dotted}`) || bare.endsWith(`/${last}`);
}

/** One language imports no other; what is compiled to JavaScript is one with it. */
function languageOf(path: string): string {
  const extension = posix.extname(path).slice(1);
  return /^(?:[cm]?[jt]sx?|vue|svelte|json)$/.test(extension) ? "js" : extension;
}

function withoutExtension(path: string): string {
  return path.replace(/(?:\.d)?\.\w+$/, "");
}

/**
 * The catalogue of workflow files and how a name becomes a linked bundle.
 * Owns the places that are looked in and their order: workspace, user, shipped.
 */
import { asGiven } from "../../util/shorten.ts";
import { closest } from "../../workflow/closest.ts";
import type { FileDiagnostic } from "../../workflow/diagnostic.ts";
import {
  besideNames,
  type Linked,
  type LoadWorkflow,
  type WorkflowText,
} from "../../workflow/link.ts";
import { parseWorkflow } from "../../workflow/parse.ts";
import { secretsIn } from "../../workflow/read/secret.ts";
import { type Lookups, validateWorkflow } from "../../workflow/validate.ts";
import type { TemplateInfo, TemplateSource } from "../app.ts";
import type { Files } from "../files.ts";

export interface TemplatePlaces {
  readonly workspace: string;
  /** The user's own templates. */
  readonly user: string;
  /** Those that come with the product. */
  readonly shipped: string;
}

export type FoundTemplate =
  | { readonly ok: true; readonly file: string; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** Every workflow file in the catalogue, the nearer place first where two have one name. */
export async function listTemplates(
  files: Files,
  places: TemplatePlaces,
): Promise<readonly TemplateInfo[]> {
  const found: TemplateInfo[] = [];
  for (const [source, folder, strictNames] of foldersOf(files, places)) {
    for (const name of await files.list(folder)) {
      if (!(strictNames ? WORKFLOW_FILE : /\.ya?ml$/).test(name)) continue;
      const file = files.join(folder, name);
      const text = await files.readText(file);
      const info = text === undefined ? undefined : describe(file, text, source);
      if (info) found.push(info);
    }
  }
  return found;
}

/** The file that a person means: a path first, then a name of the catalogue. */
export async function findTemplate(
  files: Files,
  places: TemplatePlaces,
  wanted: string,
): Promise<FoundTemplate> {
  const file = files.resolve(places.workspace, wanted);
  const text = looksLikeFile(wanted) ? await files.readText(file) : undefined;
  if (text !== undefined) return { ok: true, file, text };
  const catalogue = await listTemplates(files, places);
  const named = catalogue.find(
    (template) => template.name === wanted || shortName(template.name) === wanted,
  );
  const namedText = named && (await files.readText(named.file));
  if (named && namedText !== undefined) return { ok: true, file: named.file, text: namedText };
  if (looksLikeFile(wanted)) return { ok: false, message: await whyNoFile(files, file) };
  const names = catalogue.map((template) => template.name);
  const near = closest(wanted, names);
  const hint = near ? `Did you mean ${near}?` : `There are: ${names.join(", ") || "none"}.`;
  const same = wanted !== "" && (await files.readText(file)) !== undefined;
  const beside = same
    ? ` The file ${asGiven(file)} is not taken for one: a name of theirs ends in .yaml.`
    : "";
  return { ok: false, message: `There is no workflow named ${asGiven(wanted)}. ${hint}${beside}` };
}

async function whyNoFile(files: Files, file: string): Promise<string> {
  const there = await files.isInside(files.folderOf(file), file);
  return there
    ? `${asGiven(file)} is not read: it is a folder, too large, or you have no right to it.`
    : `There is no workflow file ${asGiven(file)}.`;
}

/** Checks a file and everything that it leads to, reading files as they are asked for. */
export function checkTemplate(
  files: Files,
  places: TemplatePlaces,
  main: WorkflowText,
  lookups: Lookups,
): Promise<Linked> {
  return withFiles(files, places, (load) => validateWorkflow({ ...main, lookups, load }));
}

/** Does what needs other files without knowing which: again and again, until none that it asks for is unread. */
export async function withFiles<T>(
  files: Files,
  places: TemplatePlaces,
  work: (load: LoadWorkflow) => T,
): Promise<T> {
  const catalogue = await listTemplates(files, places);
  const texts = new Map<string, string | undefined>();
  for (;;) {
    // Each with the folder that it may not lead out of; the catalogue's own files are where they were listed.
    const wanted = new Map<string, string | undefined>();
    const known = (file: string, border?: string): WorkflowText | undefined => {
      if (!texts.has(file)) wanted.set(file, border);
      const text = texts.get(file);
      return text === undefined ? undefined : { fileName: file, text };
    };
    const done = work((name, fromFile) => {
      const template = catalogue.find((candidate) => candidate.name === name);
      if (template) return known(template.file);
      const folder = files.folderOf(fromFile);
      for (const beside of besideNames(name)) {
        const found = known(files.resolve(folder, beside), borderOf(files, places, fromFile));
        if (found) return found;
      }
      return undefined;
    });
    if (wanted.size === 0) return done;
    for (const [file, border] of wanted) {
      const may = border === undefined || (await files.isInside(border, file));
      texts.set(file, may ? await files.readText(file) : undefined);
    }
  }
}

/** The folder whose files a file may name: its workspace or catalogue, otherwise the one that it lies in. */
function borderOf(files: Files, places: TemplatePlaces, file: string): string {
  const from = files.resolve(places.workspace, file);
  const around = [places.workspace, places.user, places.shipped].find(
    (place) => from.startsWith(place) && /^[\\/]/.test(from.slice(place.length)),
  );
  return around ?? files.folderOf(from);
}

/** The diagnostics that stop a run. */
export function errorsOf(diagnostics: readonly FileDiagnostic[]): readonly FileDiagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.severity === "error");
}

function foldersOf(
  files: Files,
  places: TemplatePlaces,
): readonly (readonly [TemplateSource, string, boolean])[] {
  return [
    ["workspace", files.join(places.workspace, ".fermata", "workflows"), false],
    ["workspace", files.join(places.workspace, "workflows"), false],
    ["workspace", places.workspace, true],
    ["user", places.user, false],
    ["shipped", places.shipped, true],
  ];
}

/** A file whose ending says that it is a workflow is told of even when nothing of it can be read. */
function describe(file: string, text: string, source: TemplateSource): TemplateInfo | undefined {
  const { workflow, draft, diagnostics } = parseWorkflow({ text, fileName: file });
  const shown = workflow ?? draft;
  const isMeant = WORKFLOW_FILE.test(file);
  if (!isMeant && (!shown || shown.name === "" || shown.steps.length === 0)) return undefined;
  const [first] = errorsOf(diagnostics.map((diagnostic) => ({ ...diagnostic, fileName: file })));
  return {
    name: shown?.name || baseName(file),
    version: shown?.version ?? "",
    description: shown?.description ?? "",
    source,
    file,
    inputs: shown?.inputs ?? {},
    secrets: shown ? secretsIn({ main: "", workflows: { "": shown } }) : [],
    ...(first
      ? { problem: `${first.range.start.line}:${first.range.start.column} ${first.message}` }
      : {}),
  };
}

const WORKFLOW_FILE = /\.workflow\.ya?ml$/;

/** The file's name without its folder and ending. */
function baseName(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  return name.replace(WORKFLOW_FILE, "");
}

function looksLikeFile(wanted: string): boolean {
  return /\.ya?ml$/.test(wanted) || wanted.includes("/") || wanted.includes("\\");
}

function shortName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/**
 * The inputs of a run from the command line: `--input name=text`, `--input name=@file`, `--inputs file.json`.
 * Owns reading them; the types that a workflow asks for are the app's matter.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { asGiven } from "../../../util/shorten.ts";
import { jsonOrText } from "../../../workflow/inputs.ts";
import { Problem } from "../problem.ts";

/** What was given, `--input` over `--inputs`. */
export async function readInputs(given: {
  readonly input?: readonly string[];
  readonly inputs?: string;
}): Promise<JsonObject> {
  const values: JsonObject =
    given.inputs === undefined ? {} : { ...(await readJsonFile(given.inputs)) };
  return { ...values, ...(await readNamed(given.input ?? [], "--input ")) };
}

/** Words such as `name=text` and `name=@file`, each name once; `option` stands before each of them. */
export async function readNamed(words: readonly string[], option: string): Promise<JsonObject> {
  const values: Record<string, Json> = {};
  for (const word of words) {
    const [name, value] = splitNamed(word, option);
    if (Object.hasOwn(values, name))
      throw new Problem(`${option}${asGiven(name)} is given twice. Give it once.`);
    values[name] = await inputText(value);
  }
  return values;
}

/** The same, each a value of its own type: JSON where it reads as JSON, text otherwise. */
export async function readValues(words: readonly string[]): Promise<JsonObject> {
  const named = Object.entries(await readNamed(words, ""));
  return Object.fromEntries(
    named.map(([name, value]) => [name, typeof value === "string" ? jsonOrText(value) : value]),
  );
}

/** A value as typed; `@file` is that file's text, and `@@name` is `@name`. */
async function inputText(value: string): Promise<string> {
  if (value.startsWith("@@")) return value.slice(1);
  return value.startsWith("@") ? readText(value.slice(1)) : value;
}

/** A JSON object in a file; the message of a refusal has the parser's own words. */
export async function readJsonFile(file: string): Promise<JsonObject> {
  const text = await readText(file);
  const value = parseJson(text, file);
  if (!isObject(value))
    throw new Problem(
      `${file} holds ${kindOf(value)}. It must hold a JSON object: {"name": value}.`,
    );
  return value;
}

/** A file's text, the path taken from the current folder. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(resolve(file), "utf8");
  } catch (error) {
    throw new Problem(`Cannot read ${resolve(file)}: ${whyNot(error)}.`);
  }
}

/** Why the system refused a file, in a person's words. */
export function whyNot(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REFUSALS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** True for a code of the system that says why it refused a file. */
export function isRefusal(code: unknown): boolean {
  return typeof code === "string" && Object.hasOwn(REFUSALS, code);
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  EACCES: "you have no right to it",
  EPERM: "you have no right to it",
  EROFS: "the disk takes no writes",
  ENOSPC: "the disk is full",
};

/** Text as JSON, or a `Problem` that names where it came from. */
export function parseJson(text: string, source: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(
      `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function splitNamed(text: string, option: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)];
  throw new Problem(
    `${option}${text} has no ${at === 0 ? "name" : "value"}. Write ${option}name=value, or ${option}name=@file for a file's text.`,
  );
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/**
 * What was seen of an agent's work beside its words: files before and after, commands, tests.
 * Owns the shape in which an activity reports it and its reading back; looks at nothing itself.
 */
import { isList, isObject, type Json, type JsonObject, own } from "../../util/json.ts";

export interface FileSeen {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  /** `earlier`: it is there, and this iteration did not change it. */
  readonly change: "created" | "changed" | "deleted" | "earlier";
  /** What it holds now, cut to a size that a journal bears; absent for what is not text. */
  readonly text?: string;
  readonly diff?: string;
}

export interface CommandSeen {
  readonly command: string;
  /** Null where nobody said. */
  readonly exit_code: number | null;
  readonly output: string;
}

/** An agent's answer and what was seen of its work. */
export interface Work {
  readonly response: string;
  readonly data?: Json;
  /** Files that the agent says it changed. */
  readonly claimed: readonly string[];
  /** False where nobody looked: then `files` says nothing. */
  readonly watched: boolean;
  readonly files: readonly FileSeen[];
  readonly commands: readonly CommandSeen[];
  /** What the command of `quality.tests` came to. */
  readonly tests?: CommandSeen;
}

/** The work in an agent's result, as its activity reported it. */
export function workOf(result: Json, tests?: CommandSeen): Work {
  const given: JsonObject = isObject(result) ? result : { response: textOf(result) };
  const evidence = own(given, "evidence");
  const seen: JsonObject = isObject(evidence) ? evidence : {};
  return {
    response: textOf(own(given, "response") ?? null),
    ...(given.data === undefined ? {} : { data: given.data }),
    claimed: textsIn(own(given, "files_changed")),
    watched: seen.watched === true,
    files: listIn(own(seen, "files")).flatMap(fileOf),
    commands: listIn(own(seen, "commands")).flatMap(commandOf),
    ...(tests ? { tests } : {}),
  };
}

/** Every file that the work touched, seen or said. */
export function touched({ files, claimed, watched }: Work): readonly string[] {
  const seen = files.filter(({ change }) => change !== "earlier").map(({ path }) => path);
  return watched ? seen : [...new Set([...seen, ...claimed])];
}

/** The result of a step without what was only reported for its supervision. */
export function withoutEvidence(result: Json): Json {
  if (!isObject(result)) return result;
  const { evidence: _, ...rest } = result;
  return rest;
}

function fileOf(value: JsonObject): readonly FileSeen[] {
  const { path, change, text, diff } = value;
  const known = (["created", "changed", "deleted", "earlier"] as const).find(
    (one) => one === change,
  );
  if (typeof path !== "string" || known === undefined) return [];
  return [
    {
      ...{ path, change: known },
      ...(typeof text === "string" ? { text } : {}),
      ...(typeof diff === "string" ? { diff } : {}),
    },
  ];
}

function commandOf(value: JsonObject): readonly CommandSeen[] {
  const { command, exit_code, output } = value;
  if (typeof command !== "string") return [];
  return [
    {
      command,
      exit_code: typeof exit_code === "number" ? exit_code : null,
      output: typeof output === "string" ? output : "",
    },
  ];
}

function listIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function textsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((one) => typeof one === "string") : [];
}

function textOf(value: Json): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}

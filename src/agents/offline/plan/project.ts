/**
 * Facts about the project that a plan stands on: its files, its commands, where a test would stand.
 * Reads; never runs anything.
 */

import { join } from "node:path";
import { readText } from "../../../search/workspaceFiles.ts";
import type { Citation } from "../citations.ts";
import { roleOf } from "../fileRole.ts";
import type { Workspace } from "../workspace.ts";

export interface ProjectCommand {
  readonly purpose: "test" | "check" | "build";
  readonly command: string;
  /** Where the project says so. */
  readonly citation: Citation;
}

export interface Project {
  readonly paths: readonly string[];
  readonly commands: readonly ProjectCommand[];
}

/** Lists the workspace and finds its commands. */
export async function surveyProject(workspace: Workspace): Promise<Project> {
  const paths = (await workspace.survey()).files.map((file) => file.path);
  const commands: ProjectCommand[] = [];
  for (const [path, read] of COMMAND_FILES) {
    if (!paths.includes(path)) continue;
    const text = await readText(join(workspace.root, path));
    if (text !== undefined) commands.push(...read(path, text.split(/\r?\n/)));
  }
  return { paths, commands };
}

/** Where a test of a file would stand, in this project's own way. */
export function newTestPath(project: Project, path: string): string {
  const extension = /\.\w+$/.exec(path)?.[0] ?? "";
  const tests = project.paths.filter(
    (candidate) => roleOf(candidate) === "test" && candidate.endsWith(extension),
  );
  const model = tests.find((candidate) => /^tests?\//.test(candidate)) ?? tests[0];
  const name = subjectName(path);
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  if (extension === ".go") return `${folder === "" ? "" : `${folder}/`}${name}_test.go`;
  if (extension === ".py") return `tests/test_${name}.py`;
  const infix = model !== undefined && /\.spec\.\w+$/.test(model) ? ".spec" : ".test";
  const home =
    model === undefined
      ? "test"
      : model.includes("/")
        ? (/^[^/]*tests?[^/]*\/|^spec\//i.exec(model)?.[0].slice(0, -1) ?? folder)
        : "";
  return `${home === "" ? "" : `${home}/`}${name}${infix}${extension}`;
}

/** `src/store/limits.test.ts` and `test_limits.py` are about `limits`; `src/store/index.ts` is about `store`. */
export function subjectName(path: string): string {
  const segments = path.split("/");
  const file = (segments.at(-1) ?? "")
    .replace(/(?:[._-](?:test|spec)s?|_test)?\.\w+$/i, "")
    .replace(/^test_/i, "")
    .replace(/(?<=[a-z])Tests?$/, "");
  return /^(?:index|main|mod|__init__)$/.test(file) ? (segments.at(-2) ?? file) : file;
}

type CommandReader = (path: string, lines: readonly string[]) => ProjectCommand[];

const COMMAND_FILES: readonly (readonly [string, CommandReader])[] = [
  [
    "package.json",
    (path, lines) =>
      [
        script(path, lines, "test", "npm test"),
        script(path, lines, "lint", "npm run lint", "check"),
        script(path, lines, "typecheck", "npm run typecheck", "check"),
        script(path, lines, "build", "npm run build"),
      ].flat(),
  ],
  [
    "Makefile",
    (path, lines) =>
      [
        target(path, lines, "test"),
        target(path, lines, "lint", "check"),
        target(path, lines, "build"),
      ].flat(),
  ],
  ["pyproject.toml", (path, lines) => stated(path, lines, /\[tool\.pytest/, "pytest")],
  ["Cargo.toml", (path, lines) => stated(path, lines, /\[package\]|\[workspace\]/, "cargo test")],
  ["go.mod", (path, lines) => stated(path, lines, /^module /, "go test ./...")],
  ["pom.xml", (path, lines) => stated(path, lines, /<project/, "mvn test")],
];

function script(
  path: string,
  lines: readonly string[],
  name: string,
  command: string,
  purpose?: "check",
): ProjectCommand[] {
  const from = lines.findIndex((line) => /"scripts"\s*:/.test(line));
  const index =
    from < 0
      ? -1
      : lines.findIndex((line, at) => at >= from && new RegExp(`"${name}"\\s*:`).test(line));
  return commandAt(path, lines, index, command, purpose ?? (name === "test" ? "test" : "build"));
}

function target(
  path: string,
  lines: readonly string[],
  name: string,
  purpose?: "check",
): ProjectCommand[] {
  const index = lines.findIndex((line) => line.startsWith(`${name}:`));
  return commandAt(
    path,
    lines,
    index,
    `make ${name}`,
    purpose ?? (name === "test" ? "test" : "build"),
  );
}

function stated(
  path: string,
  lines: readonly string[],
  sign: RegExp,
  command: string,
): ProjectCommand[] {
  return commandAt(
    path,
    lines,
    lines.findIndex((line) => sign.test(line)),
    command,
    "test",
  );
}

function commandAt(
  path: string,
  lines: readonly string[],
  index: number,
  command: string,
  purpose: ProjectCommand["purpose"],
): ProjectCommand[] {
  const text = lines[index]?.trim();
  return text === undefined
    ? []
    : [{ purpose, command, citation: { path, line: index + 1, text } }];
}

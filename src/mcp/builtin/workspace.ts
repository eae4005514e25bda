/**
 * The built-in server `workspace`: reads, lists and searches the workspace's own files, and nothing else.
 * Owns the tools, their bounds and answers; must not write.
 */
import { stat } from "node:fs/promises";
import { globMatcher } from "../../search/glob.ts";
import { decodeText, walkWorkspace } from "../../search/workspaceFiles.ts";
import { readInside, resolveInside } from "../../search/workspacePath.ts";
import { searchWorkspace } from "../../search/workspaceSearch.ts";
import type { JsonObject } from "../../util/json.ts";
import type { ToolServer } from "../toolServer.ts";
import {
  answer,
  type BuiltInTool,
  createBuiltInServer,
  parameters,
  refuse,
} from "./builtInServer.ts";
import { askedOf, numberOf, searchParameters, textOf } from "./given.ts";

/** Makes the server for the workspace at `root`, an absolute path. */
export function createWorkspaceServer(root: string): ToolServer {
  return createBuiltInServer("workspace", {
    read: read(root),
    list: list(root),
    search: search(root),
  });
}

const MAX_LINES = 2000;
const MAX_CHARACTERS = 200_000;
const MAX_LISTED = 1000;

const LINE: JsonObject = { type: "integer", minimum: 1 };

function read(root: string): BuiltInTool {
  return {
    description:
      "Lines of a text file of the workspace, 2,000 at most. Answers {path, start_line, end_line, total_lines, text, truncated}.",
    effects: "repeatable",
    inputSchema: parameters(
      { path: { type: "string", minLength: 1 }, start_line: LINE, end_line: LINE },
      ["path"],
    ),
    perform: async ({ parameters: given }) => {
      const asked = textOf(given, "path");
      const found = await resolveInside(root, asked);
      if (found.type === "refused") return refuse("invalid_input", found.message);
      const stats = await stat(found.absolute);
      if (!stats.isFile()) {
        return refuse(
          "invalid_input",
          `\`${asked}\` is no file. Use \`workspace.list\` for a folder.`,
        );
      }
      const bytes = await readInside(found).catch((error: unknown) => whyNot(error));
      if (typeof bytes === "string")
        return refuse("invalid_input", `\`${asked}\` is not read: ${bytes}.`);
      const text = decodeText(bytes);
      if (text === undefined)
        return refuse("invalid_input", `\`${asked}\` is not text, so it is not read.`);
      return answer({ path: found.path, ...cut(text, given) });
    },
  };
}

function whyNot(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function cut(text: string, given: JsonObject): JsonObject {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const start = numberOf(given, "start_line", 1);
  const wanted = Math.min(numberOf(given, "end_line", lines.length), lines.length);
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines.slice(start - 1, Math.min(wanted, start - 1 + MAX_LINES))) {
    characters += line.length + 1;
    if (characters > MAX_CHARACTERS && shown.length > 0) break;
    shown.push(line.slice(0, MAX_CHARACTERS));
  }
  const end = start - 1 + shown.length;
  return {
    start_line: start,
    end_line: end,
    total_lines: lines.length,
    text: shown.join("\n"),
    truncated: end < wanted || characters > MAX_CHARACTERS,
  };
}

function list(root: string): BuiltInTool {
  return {
    description:
      "Files of the workspace without what git ignores, below `path` and matching `glob`, 1,000 at most. Answers {path, files: [{path, bytes}], total, truncated}.",
    effects: "repeatable",
    inputSchema: parameters(
      { path: { type: "string" }, glob: { type: "string", minLength: 1 } },
      [],
    ),
    perform: async ({ parameters: given, signal }) => {
      const asked = textOf(given, "path");
      const found = await resolveInside(root, asked === "" ? "." : asked);
      if (found.type === "refused") return refuse("invalid_input", found.message);
      if (!(await stat(found.absolute)).isDirectory()) {
        return refuse(
          "invalid_input",
          `\`${asked}\` is no folder. Use \`workspace.read\` for a file.`,
        );
      }
      const glob = textOf(given, "glob");
      const matches = glob === "" ? () => true : globMatcher(glob);
      const files: JsonObject[] = [];
      let total = 0;
      for await (const { path, bytes } of walkWorkspace({ root, under: found.path, signal })) {
        if (!matches(path)) continue;
        total++;
        if (files.length < MAX_LISTED) files.push({ path, bytes });
      }
      return answer({ path: found.path, files, total, truncated: total > files.length });
    },
  };
}

function search(root: string): BuiltInTool {
  return {
    description:
      "The lines of the workspace that say most about a question. Answers {query, results: [{path, line, text, score, before, after}], files_searched, truncated}.",
    effects: "repeatable",
    inputSchema: searchParameters(100),
    perform: async ({ parameters: given, signal }) => {
      const { query, maxResults } = askedOf(given);
      const found = await searchWorkspace({ root, query, maxResults, signal });
      const results = found.hits.map(({ path, line, text, score, before, after }) => ({
        path,
        line,
        text,
        score,
        before,
        after,
      }));
      const { filesSearched, truncated } = found;
      return answer({ query, results, files_searched: filesSearched, truncated });
    },
  };
}

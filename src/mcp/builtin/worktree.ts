/**
 * The built-in server `worktree`: a git worktree for one task, which an agent can work in without touching the workspace.
 * Owns the tools' words; what git does is `src/worktrees`'.
 */
import type { Failure } from "../../run/failure.ts";
import type { JsonObject } from "../../util/json.ts";
import type { Worktrees } from "../../worktrees/worktrees.ts";
import type { ToolCall, ToolServer } from "../toolServer.ts";
import {
  type BuiltInTool,
  createBuiltInServer,
  parameters,
  type ToolAnswer,
} from "./builtInServer.ts";
import { textOf } from "./given.ts";

export function createWorktreeServer(worktrees: Worktrees): ToolServer {
  const tool = (
    description: string,
    more: JsonObject,
    perform: (task: string, given: JsonObject) => Promise<JsonObject | Failure>,
  ): BuiltInTool => ({
    description,
    effects: "repeatable",
    inputSchema: parameters({ task: TASK, ...more }, ["task", ...required(more)]),
    perform: async ({ parameters: given }: ToolCall): Promise<ToolAnswer> => {
      const came = await perform(textOf(given, "task"), given);
      return "code" in came && "message" in came
        ? { type: "failed", failure: came as Failure }
        : { type: "answer", value: came };
    },
  });
  return createBuiltInServer("worktree", {
    create: tool(
      "Makes a git worktree at the workspace's commit. Answers {folder, branch, base}.",
      { dirty: { type: "boolean", description: "Even if files have uncommitted changes." } },
      (task, { dirty }) => worktrees.create(task, dirty === true),
    ),
    changes: tool(
      "Commits all that was changed in a worktree. Answers {files, text, commit}; the text is Markdown with the patch.",
      { base: TEXT },
      (task, given) => worktrees.changes(task, textOf(given, "base")),
    ),
    merge: tool(
      "Merges a worktree's commit into the workspace's branch. Answers {commit}.",
      { commit: TEXT, title: TEXT },
      (task, given) => worktrees.merge(task, textOf(given, "commit"), textOf(given, "title")),
    ),
    drop: tool(
      "Takes a worktree away. Answers {branch} where it is kept.",
      { keep: { type: "boolean", description: "Its branch stays." } },
      (task, { keep }) => worktrees.drop(task, keep === true),
    ),
  });
}

const TEXT: JsonObject = { type: "string", minLength: 1 };
const TASK: JsonObject = { ...TEXT, description: "Names the worktree: `RUN/PATH`." };

function required(more: JsonObject): readonly string[] {
  return Object.keys(more).filter((key) => more[key] === TEXT);
}

/**
 * The built-in server `memory`: what runs leave for later runs. Owns the tools and their answers; the store owns
 * durability. Writing is `repeatable`, because the store keeps one record a task.
 */
import { matchShare } from "../../search/textMatch.ts";
import { type Json, type JsonObject, own } from "../../util/json.ts";
import type { ToolServer } from "../toolServer.ts";
import {
  answer,
  type BuiltInTool,
  createBuiltInServer,
  parameters,
  refuse,
} from "./builtInServer.ts";
import { numberOf, textOf } from "./given.ts";
import type { MemoryEntry, MemoryStore } from "./memoryStore.ts";

/** Makes the server over its store. */
export function createMemoryServer(store: MemoryStore): ToolServer {
  return createBuiltInServer("memory", {
    save: save(store),
    add: add(store),
    get: get(store),
    list: list(store),
    search: search(store),
  });
}

const MAX_VALUE_BYTES = 1024 * 1024;

function save(store: MemoryStore): BuiltInTool {
  return {
    description:
      "Keeps a value under a key; saving the key again replaces it. Answers {success, key}.",
    effects: "repeatable",
    inputSchema: parameters({ key: { type: "string", minLength: 1 }, value: {} }, ["key", "value"]),
    perform: async ({ parameters: given, key: task }) => {
      const key = textOf(given, "key");
      const value = own(given, "value") ?? null;
      if (isTooLarge(value)) return tooLarge("value");
      return await written(async () => {
        await store.write(task, { kind: "value", key, value });
        return { success: true, key };
      });
    },
  };
}

function add(store: MemoryStore): BuiltInTool {
  return {
    description: "Adds an item to a category. Answers {success, id}.",
    effects: "repeatable",
    inputSchema: parameters({ category: { type: "string", minLength: 1 }, content: {} }, [
      "category",
      "content",
    ]),
    perform: async ({ parameters: given, key: task }) => {
      const category = textOf(given, "category");
      const content = own(given, "content") ?? null;
      if (isTooLarge(content)) return tooLarge("content");
      return await written(async () => {
        const entry = await store.write(task, { kind: "item", category, content });
        return { success: true, id: entry.kind === "item" ? entry.id : entry.key };
      });
    },
  };
}

function get(store: MemoryStore): BuiltInTool {
  return {
    description: "The value kept under a key. Answers {found, key, value, saved_at}.",
    effects: "repeatable",
    inputSchema: parameters({ key: { type: "string" } }, ["key"]),
    perform: async ({ parameters: given }) => {
      const key = textOf(given, "key");
      const entries = await store.entries();
      const entry = entries.findLast((one) => one.kind === "value" && one.key === key);
      if (entry?.kind !== "value") return answer({ found: false, key, value: null });
      return answer({ found: true, key, value: entry.value, saved_at: entry.at });
    },
  };
}

const LIMIT: JsonObject = { type: "integer", minimum: 1, maximum: 1000 };

function list(store: MemoryStore): BuiltInTool {
  return {
    description: "What is remembered, the newest first. Answers {entries, total}.",
    effects: "repeatable",
    inputSchema: parameters({ category: { type: "string" }, limit: LIMIT }, []),
    perform: async ({ parameters: given }) => {
      const entries = (await store.entries()).filter(inCategory(given)).toReversed();
      const shown = entries.slice(0, numberOf(given, "limit", 50)).map(entryJson);
      return answer({ entries: shown, total: entries.length });
    },
  };
}

function search(store: MemoryStore): BuiltInTool {
  return {
    description: "What is remembered about a question, best first. Answers {query, results}.",
    effects: "repeatable",
    inputSchema: parameters(
      { query: { type: "string" }, category: { type: "string" }, max_results: LIMIT },
      ["query"],
    ),
    perform: async ({ parameters: given }) => {
      const query = textOf(given, "query");
      const found = (await store.entries())
        .filter(inCategory(given))
        .map((entry) => ({ entry, score: matchShare(query, searchedText(entry)) }))
        .filter(({ score }) => score > 0)
        .toReversed()
        .sort((a, b) => b.score - a.score)
        .slice(0, numberOf(given, "max_results", 10));
      const results = found.map(({ entry, score }) => ({ ...entryJson(entry), score }));
      return answer({ query, results });
    },
  };
}

async function written(write: () => Promise<Json>) {
  try {
    return answer(await write());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(
      "tool_error",
      `Nothing was remembered: ${reason}. Check the disk, then try again.`,
    );
  }
}

function entryJson(entry: MemoryEntry): JsonObject {
  if (entry.kind === "value") return { key: entry.key, value: entry.value, at: entry.at };
  return { id: entry.id, category: entry.category, content: entry.content, at: entry.at };
}

function searchedText(entry: MemoryEntry): string {
  const [name, content] =
    entry.kind === "value" ? [entry.key, entry.value] : [entry.category, entry.content];
  return `${name} ${JSON.stringify(content)}`;
}

function inCategory(given: JsonObject): (entry: MemoryEntry) => boolean {
  const category = own(given, "category");
  return (entry) =>
    category === undefined || (entry.kind === "item" && entry.category === category);
}

function isTooLarge(value: Json): boolean {
  return Buffer.byteLength(JSON.stringify(value)) > MAX_VALUE_BYTES;
}

function tooLarge(field: string) {
  const message = `\`${field}\` is larger than 1 MiB. Save a file in the workspace and remember its path.`;
  return refuse("invalid_input", message);
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createMemoryServer } from "../../../src/mcp/builtin/memory.ts";
import { openMemoryStore } from "../../../src/mcp/builtin/memoryStore.ts";
import { workspaceOf } from "../../search/scratch.ts";
import { callTool } from "./call.ts";

async function memory(t: Parameters<typeof workspaceOf>[0]) {
  const file = join(await workspaceOf(t, {}), "memory.jsonl");
  return createMemoryServer(openMemoryStore(file, () => new Date(0)));
}

const AT = "1970-01-01T00:00:00.000Z";

test("save and add answer as the workflows read them", async (t) => {
  const server = await memory(t);
  const plan = { plan: "text", approved: true };
  assert.deepEqual(await callTool(server, "save", { key: "plan_1", value: plan }, "run_1/save"), {
    success: true,
    key: "plan_1",
  });
  const added = { category: "research", content: { query: "q", findings: "f" } };
  const first = await callTool(server, "add", added, "run_1/add");
  assert.match(JSON.stringify(first), /^\{"success":true,"id":"mem_[0-9a-f]{12}"\}$/);
  assert.deepEqual(
    await callTool(server, "add", added, "run_1/add"),
    first,
    "the same task adds once",
  );
  assert.deepEqual(await callTool(server, "get", { key: "plan_1" }), {
    found: true,
    key: "plan_1",
    value: plan,
    saved_at: AT,
  });
  assert.deepEqual(await callTool(server, "get", { key: "none" }), {
    found: false,
    key: "none",
    value: null,
  });
});

test("list shows the newest first, one category or all, within its limit", async (t) => {
  const server = await memory(t);
  for (const n of [1, 2, 3]) {
    await callTool(server, "add", { category: n === 2 ? "even" : "odd", content: n }, `run_1/${n}`);
  }
  const shown = async (given: Parameters<typeof callTool>[2]) => {
    const listed = (await callTool(server, "list", given)) as {
      entries: { content: number }[];
      total: number;
    };
    return [listed.entries.map((entry) => entry.content), listed.total];
  };
  assert.deepEqual(await shown({}), [[3, 2, 1], 3]);
  assert.deepEqual(await shown({ category: "odd" }), [[3, 1], 2]);
  assert.deepEqual(await shown({ limit: 1 }), [[3], 3]);
});

test("search finds what speaks of the question, best first", async (t) => {
  const server = await memory(t);
  await callTool(server, "save", { key: "plan_x", value: "Rate limiting with Redis" }, "run_1/a");
  await callTool(server, "save", { key: "plan_y", value: "Dark mode" }, "run_1/b");
  await callTool(server, "add", { category: "research", content: "limits" }, "run_1/c");
  const { results } = (await callTool(server, "search", { query: "which rate limits?" })) as {
    results: { key?: string; category?: string }[];
  };
  assert.deepEqual(
    results.map((one) => one.key ?? one.category),
    ["plan_x", "research"],
  );
});

test("a value that is too large is refused with the next move", async (t) => {
  const large = await callTool(await memory(t), "save", {
    key: "k",
    value: "x".repeat(1024 * 1024),
  });
  assert.match(String(large), /^failed invalid_input: `value` is larger than 1 MiB\. Save a file/);
});

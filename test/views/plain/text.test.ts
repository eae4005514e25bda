/** Every file in `cases` with the pictures that it must give; `FERMATA_ACCEPT=1` writes what it gives now. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { agentLines } from "../../../src/run/start/chosenAgents.ts";
import { runText } from "../../../src/views/plain/text.ts";
import { wordOf } from "../../../src/views/statusWord.ts";
import { rowToCome, type TaskRow } from "../../../src/views/taskRow.ts";
import { runTree } from "../../../src/views/taskTree.ts";
import { type Picture, withPictures } from "../played.ts";

const FOLDER = new URL("../cases/", import.meta.url);

function draw({ state, driven, live, heading }: Picture): string {
  const tree = runTree(state, { driven, live, me: "person" });
  const lines = runText(tree, {
    workspace: "/repo",
    agents: agentLines(state.started),
    width: 80,
    widthOf: (text) => [...text].length,
    colour: false,
    now: state.updated_at,
    show: heading.startsWith("end") ? "all" : "open",
    tick: 4,
  });
  return `${lines.join("\n")}\n`;
}

for (const name of readdirSync(FOLDER)) {
  test(`picture ${name}`, () => {
    const file = new URL(name, FOLDER);
    const source = readFileSync(file, "utf8");
    const drawn = withPictures(source, draw);
    if (process.env.FERMATA_ACCEPT === "1") writeFileSync(file, drawn);
    assert.equal(drawn, readFileSync(file, "utf8"));
  });
}

test("the agents of a run stand under its heading: in one line while it is followed, all of them in the end", () => {
  const run: TaskRow = { ...rowToCome("run_1", "run", "flow", false), ...wordOf("running") };
  const chosen = { effects: "once", hash: "" } as const;
  const agents = agentLines({
    agents: {
      "@task": {
        ...{ ...chosen, adapter: "acp", why: "found gemini on PATH" },
        definition: { acp_agent: "gemini", model: "pro" },
      },
      "@judge@review": { ...chosen, adapter: "offline", why: "nothing found: offline" },
    },
  });
  const options = { width: 60, widthOf: (text: string) => text.length, colour: false, now: 0 };
  const lines = (show: "open" | "all") =>
    runText(run, { ...options, workspace: "/w", agents, show }).slice(1, -1);
  assert.deepEqual(lines("all"), [
    " @task: acp gemini, model pro (found gemini on PATH)",
    " @judge of review: offline (nothing found: offline)",
  ]);
  assert.deepEqual(lines("open"), [" @task: acp gemini, model pro (found gemini on PATH) · @jud…"]);
});

test("what has no room is counted: the finished first, then the furthest off", () => {
  const item = (index: number): TaskRow => ({
    ...rowToCome(`many[${index}]`, "item", `item ${index}`, false),
    ...(index < 5 ? wordOf("done") : index < 7 ? wordOf("running") : {}),
    dimmed: index >= 7,
  });
  const many: TaskRow = {
    ...rowToCome("many", "foreach", "many", false),
    ...wordOf("running"),
    dimmed: false,
    children: Array.from({ length: 20 }, (_, index) => item(index)),
  };
  const run: TaskRow = { ...many, id: "run_1", kind: "run", title: "flow", children: [many] };
  const options = { width: 40, widthOf: (text: string) => text.length, colour: false, now: 0 };
  const lines = runText(run, { ...options, workspace: "/w", show: "open", height: 9, tick: 0 });
  assert.deepEqual(lines, [
    "flow · run_1 · /w",
    " ⠋ many",
    "   … 5 more",
    "   ⠋ item 5",
    "   ⠋ item 6",
    "   · item 7",
    "   · item 8",
    "   … 11 more",
    " Running",
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAgentFile, readCatalogue } from "../../src/agents/catalogue/definitions.ts";
import { scratch } from "./attempt.ts";

test("a workspace without agent files has the built-in agents", async (t) => {
  const { agents, diagnostics } = await readCatalogue(await scratch(t));
  assert.deepEqual([...agents.keys()], ["@code-standards-reviewer", "@task"]);
  assert.deepEqual(diagnostics, []);
});

test("agents are read from all three folders, the strongest folder winning a name", async (t) => {
  const workspace = await scratch(t, {
    ".claude/agents/researcher.md": "---\ndescription: from claude\n---\nLook things up.",
    ".github/agents/researcher.agent.md": "---\ndescription: from github\n---\nLook things up.",
    ".github/agents/other.md": "no agent file here",
    ".fermata/agents/task.md":
      "---\nname: task\ndescription: ours\nadapter: offline\n---\nOur own.",
    ".claude/agents/Deep Diver.md": "---\ntools: Read, Grep\nmodel: opus\n---\nDive.",
  });
  const { agents, diagnostics } = await readCatalogue(workspace);
  assert.equal(agents.get("@researcher")?.description, "from github");
  assert.equal(agents.get("@task")?.systemPrompt, "Our own.");
  assert.equal(agents.get("@task")?.adapter, "offline");
  assert.deepEqual(agents.get("@deep-diver")?.tools, ["Read", "Grep"]);
  assert.equal(agents.get("@deep-diver")?.model, "opus");
  assert.equal(agents.has("@other"), false);
  assert.equal(diagnostics.length, 1);
  assert.match(
    diagnostics[0]?.message ?? "",
    /also defined in \.github\/agents\/researcher\.agent\.md/,
  );
});

const BROKEN: readonly [string, string, number, RegExp][] = [
  ["unclosed front matter", "---\nname: x\nbody", 1, /never closed/],
  ["broken YAML", "---\nname: x\ntools: [a, b\n---\nbody", 3, /Front matter/],
  ["a list as front matter", "---\n- a\n---\nbody", 2, /keys and values/],
  ["a bad name", "---\ndescription: d\nname: Ünder/score\n---\nbody", 3, /no agent name/],
  ["an unknown adapter", "---\nname: x\nadapter: gpt\n---\nbody", 3, /"gpt" is no adapter/],
];

for (const [what, text, line, message] of BROKEN) {
  test(`${what} is a diagnostic at line ${line}`, () => {
    const { definition, diagnostics } = parseAgentFile(".claude/agents/x.md", text);
    assert.equal(definition, undefined);
    assert.equal(diagnostics[0]?.line, line);
    assert.match(diagnostics[0]?.message ?? "", message);
  });
}

test("an agent without text is a warning, and still an agent", () => {
  const { definition, diagnostics } = parseAgentFile("a.md", "---\nname: x\n---\n");
  assert.equal(definition?.name, "@x");
  assert.equal(diagnostics[0]?.severity, "warning");
});

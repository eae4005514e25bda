/** The table of adapters, and everything that follows from it: a new adapter is a file and a row. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { ADAPTER_KINDS, ADAPTERS, adapterOf } from "../../src/agents/adapters.ts";
import { parseChoice } from "../../src/agents/agent.ts";
import { AGENT_SETTINGS, COMMON_SETTINGS, readAgentEntry } from "../../src/agents/agentSettings.ts";
import { parseAgentFile } from "../../src/agents/catalogue/definitions.ts";
import { createAgents } from "../../src/agents/registry.ts";
import { scratch } from "./attempt.ts";
import { editorSchema, editorTexts, settingsPage } from "./settingsPages.ts";

const ACCEPT = process.env.FERMATA_ACCEPT === "1";
const file = (name: string) => new URL(`../../${name}`, import.meta.url);

/** Compares a file with what it should be, or writes it. */
function holds(name: string, change: (text: string) => string): void {
  const before = readFileSync(file(name), "utf8");
  const after = change(before);
  if (ACCEPT && after !== before) writeFileSync(file(name), after);
  else assert.equal(before, after, `${name}: run \`npm run accept\``);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

test("the editor's settings offer what the adapters read", () => {
  holds("package.json", (text) => {
    const manifest = JSON.parse(text);
    const agents = manifest.contributes.configuration.properties["fermata.agents"];
    agents.additionalProperties.properties = editorSchema();
    return json(manifest);
  });
  holds("package.nls.json", (text) => json(editorTexts(JSON.parse(text))));
});

test("the page of settings says what the adapters read", () => {
  holds("docs/settings.md", settingsPage);
});

test("kinds are told apart, and no adapter takes a key of every agent or gives a shared key another form", () => {
  assert.equal(new Set(ADAPTER_KINDS).size, ADAPTERS.length);
  for (const { kind, settings } of ADAPTERS) {
    for (const [key, { describes, ...form }] of Object.entries(settings)) {
      assert.equal(Object.hasOwn(COMMON_SETTINGS, key), false, `${kind}: ${key}`);
      const { describes: other, ...shared } = AGENT_SETTINGS[key] ?? { describes: "" };
      assert.deepEqual(form, shared, `${kind}: ${key}, ${describes} ${other}`);
      assert.match(key, /^[a-z]+(_[a-z]+)*$/);
    }
  }
});

test("every kind may stand in settings, in an agent file and in a journal", async (t) => {
  const workspace = await scratch(t);
  for (const kind of ADAPTER_KINDS) {
    assert.deepEqual(readAgentEntry("@x", { adapter: kind }), { adapter: kind });
    const parsed = parseAgentFile(".fermata/agents/x.md", `---\nadapter: ${kind}\n---\nWork.`);
    assert.deepEqual(parsed.diagnostics, []);
    const definition = { source: "x", description: "" };
    const choice = { name: "@x", adapter: kind, effects: "once", definition, hash: "", why: "" };
    const read = parseChoice(choice);
    assert.ok(read);
    const agents = createAgents({
      workspace,
      settings: { agents: {} },
      trusted: () => false,
      environment: {},
    });
    const opened = agents.open(read);
    const refused = "code" in opened ? opened.code : undefined;
    assert.equal(refused, adapterOf(kind)?.does === undefined ? undefined : "untrusted", kind);
  }
});

test("an adapter of another build is kept in a choice, and refused where it would be opened", async (t) => {
  const definition = { source: "x", description: "", spell: { words: ["a", 1] } };
  const choice = { name: "@x", adapter: "magic", effects: "once", definition, hash: "h", why: "" };
  const read = parseChoice(choice);
  assert.deepEqual(read, choice);
  assert.ok(read);
  const agents = createAgents({
    workspace: await scratch(t),
    settings: { agents: {} },
    trusted: () => true,
    environment: {},
  });
  const opened = agents.open(read);
  assert.equal("code" in opened && opened.code, "agent_unavailable");
});

test("a value in the wrong form is refused with the right one", () => {
  const wrong: readonly [key: string, value: unknown, message: RegExp][] = [
    ["model", 7, /`model` must be a text\./],
    ["tools", 7, /`tools` must be a list of texts\./],
    ["effects", "twice", /`effects` must be one of once, repeatable\./],
  ];
  for (const [key, value, message] of wrong) {
    const read = readAgentEntry("@x", JSON.parse(JSON.stringify({ [key]: value })));
    assert.match("message" in read ? String(read.message) : "", message);
  }
});

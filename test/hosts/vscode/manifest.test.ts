/** The manifest fits itself and the code: texts, commands, menus, settings; and it uses nothing that is only proposed. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import { readSourceFiles } from "../../../scripts/sourceFiles.ts";
import { agentTools } from "../../../src/app/agentTools/agentTools.ts";
import { CHAT_COMMANDS } from "../../../src/hosts/vscode/chat/intent.ts";
import {
  CHAT_TOOLS,
  PARTICIPANT,
  SERVER_PROVIDER,
  toolId,
} from "../../../src/hosts/vscode/chat/offered.ts";
import type { JsonObject } from "../../../src/util/json.ts";

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const texts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(ROOT, "package.nls.json"), "utf8"),
);
const { contributes, capabilities } = manifest;
const code = readSourceFiles(join(ROOT, "src", "hosts", "vscode"))
  .map(({ text }) => text)
  .join("\n");

/** Contribution points and menus that every VS Code we support has. */
const POINTS = [
  ...["commands", "configuration", "configurationDefaults", "grammars", "languages", "menus"],
  ...["views", "viewsContainers", "viewsWelcome", "walkthroughs", "yamlValidation"],
  ...[
    "breakpoints",
    "debuggers",
    "chatParticipants",
    "languageModelTools",
    "mcpServerDefinitionProviders",
  ],
];
const MENUS = [
  ...["commandPalette", "editor/context", "editor/title", "editor/title/run"],
  ...["view/item/context", "view/title"],
  ...["comments/comment/context", "comments/comment/title"],
  ...["comments/commentThread/context", "comments/commentThread/title"],
];

interface Item {
  readonly command: string;
}

test("every text of the manifest is there, and none is left over", () => {
  const used = [...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map(([, key]) => key ?? "");
  assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
});

test("only stable contribution points are used", () => {
  assert.deepEqual(
    Object.keys(contributes).filter((point) => !POINTS.includes(point)),
    [],
  );
  assert.deepEqual(
    Object.keys(contributes.menus).filter((menu) => !MENUS.includes(menu)),
    [],
  );
  assert.equal(manifest.enabledApiProposals, undefined);
});

test("every command is in the palette's category, is registered, and menus name only such", () => {
  const commands: readonly (Item & { readonly category: string })[] = contributes.commands;
  const names = commands.map(({ command }) => command);
  assert.deepEqual(
    commands.filter(({ category }) => category !== "Fermata"),
    [],
  );
  for (const name of names) {
    const short = name.replace(/^fermata\.(plan\.)?/, "");
    assert.match(
      code,
      new RegExp(`\\b${short.replace(".", "\\.")}\\b`),
      `${name} is not registered`,
    );
  }
  const items = Object.values<readonly Item[]>(contributes.menus).flat();
  assert.deepEqual(
    items.filter(({ command }) => !names.includes(command)),
    [],
  );
});

test("links in welcome views and the walkthrough lead to commands that exist", () => {
  const links = [...JSON.stringify(texts).matchAll(/command:(fermata\.[\w.]+)/g)].map(
    ([, name]) => name,
  );
  // The editor makes one command a view, which brings it to the front.
  const views = contributes.views.fermata.map(({ id }: { readonly id: string }) => `${id}.focus`);
  const names = [...contributes.commands.map(({ command }: Item) => command), ...views];
  assert.deepEqual(
    links.filter((name) => !names.includes(name)),
    [],
  );
});

test("every setting is read, and none of a folder that nobody trusts", () => {
  const settings = Object.keys(contributes.configuration.properties);
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, settings);
  for (const name of settings)
    assert.match(code, new RegExp(`\\b${name.replace("fermata.", "")}:`));
  assert.equal(capabilities.virtualWorkspaces.supported, false);
});

test("settings stand in an order of their own, each at another place", () => {
  const settings: readonly { readonly order: number }[] = Object.values(
    contributes.configuration.properties,
  );
  const places = settings.map(({ order }) => order).sort((a, b) => a - b);
  assert.deepEqual(
    places,
    settings.map((_, index) => index + 1),
  );
});

test("the walkthrough is short, its pages are there, and it ends with a real run", () => {
  const [walkthrough] = contributes.walkthroughs;
  const steps: readonly { readonly id: string; readonly media: { readonly markdown: string } }[] =
    walkthrough.steps;
  assert.ok(steps.length <= 5);
  for (const { media } of steps) assert.ok(existsSync(join(ROOT, media.markdown)), media.markdown);
  const last = steps.at(-1)?.id ?? "";
  assert.match(texts[`walkthrough.${last}.description`] ?? "", /command:fermata\.runWorkflow/);
});

test("the chat's tools, commands and server are those of the code", () => {
  const uncalled = () => assert.fail("no tool is called");
  const tools = agentTools({ app: uncalled, allowed: uncalled })
    .filter(({ name }) => CHAT_TOOLS.includes(name))
    .map(({ name, description, inputSchema }) => ({
      ...{ name: toolId(name), modelDescription: description, inputSchema },
    }));
  assert.equal(tools.length, CHAT_TOOLS.length);
  const declared: readonly JsonObject[] = contributes.languageModelTools;
  assert.deepEqual(
    declared.map(({ name, modelDescription, inputSchema }) => ({
      ...{ name, modelDescription, inputSchema },
    })),
    tools,
  );
  for (const { toolReferenceName, canBeReferencedInPrompt } of declared) {
    assert.match(String(toolReferenceName), /^fermata[A-Z]\w+$/);
    assert.equal(canBeReferencedInPrompt, true);
  }
  const [participant] = contributes.chatParticipants;
  assert.equal(participant.id, PARTICIPANT);
  assert.deepEqual(
    participant.commands.map(({ name }: { readonly name: string }) => name),
    CHAT_COMMANDS,
  );
  assert.deepEqual(contributes.mcpServerDefinitionProviders, [
    { id: SERVER_PROVIDER, label: "Fermata" },
  ]);
});

test("no view says that there is nothing before its list was read", () => {
  const welcomes: readonly { readonly contents: string; readonly when: string }[] =
    contributes.viewsWelcome;
  const early = welcomes.filter(
    ({ contents, when }) =>
      contents !== "%welcome.noFolder%" && !/fermata\.(runs|templates)Listed/.test(when),
  );
  assert.deepEqual(early, []);
});

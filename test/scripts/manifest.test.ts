/**
 * The extension's manifest, where the editor itself says nothing: a proposed menu shows in development and in code-server
 * but not for users, and a misspelt command or text is simply absent.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/bootstrap.mjs";

interface Manifest {
  readonly enabledApiProposals?: unknown;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes?: {
    readonly commands?: readonly { readonly command: string }[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly menus?: Readonly<Record<string, readonly { command?: string; submenu?: string }[]>>;
    readonly submenus?: readonly { readonly id: string }[];
  };
}

/** The menus that VS Code 1.110 offers without a proposal, as far as we could have a use for them. */
const STABLE_MENUS = [
  ...["commandPalette", "view/title", "view/item/context", "webview/context", "touchBar"],
  ...["editor/title", "editor/title/context", "editor/title/run", "editor/context"],
  ...["editor/lineNumber/context", "explorer/context", "file/newFile", "extension/context"],
  ...["comments/commentThread/title", "comments/commentThread/context"],
  ...["comments/comment/title", "comments/comment/context"],
  ...["debug/callstack/context", "debug/toolBar", "debug/variables/context"],
  ...["testing/item/context", "testing/item/gutter", "timeline/title", "timeline/item/context"],
];

const text = readFileSync(join(ROOT, "package.json"), "utf8");
const manifest: Manifest = JSON.parse(text);
const { commands = [], menus = {}, submenus = [] } = manifest.contributes ?? {};

test("no proposal is needed", () => {
  assert.equal(manifest.enabledApiProposals, undefined);
  const known = [...STABLE_MENUS, ...submenus.map(({ id }) => id)];
  assert.deepEqual(
    Object.keys(menus).filter((menu) => !known.includes(menu)),
    [],
  );
});

test("every menu entry has its command or submenu", () => {
  const known = [...commands.map(({ command }) => command), ...submenus.map(({ id }) => id)];
  const used = Object.values(menus).flatMap((entries) =>
    entries.map(({ command, submenu }) => command ?? submenu ?? "an entry without either"),
  );
  assert.deepEqual(
    used.filter((name) => !known.includes(name)),
    [],
  );
});

test("every text is there, and no other", () => {
  const path = join(ROOT, "package.nls.json");
  const texts = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? "");
  assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
});

test("the API that we compile against is the oldest that we run on", () => {
  const minor = (range: string | undefined) => /(\d+\.\d+)\./.exec(range ?? "")?.[1];
  assert.match(manifest.engines.vscode, /^\^/);
  assert.match(manifest.devDependencies["@types/vscode"] ?? "", /^~/);
  assert.equal(minor(manifest.devDependencies["@types/vscode"]), minor(manifest.engines.vscode));
});

test("every setting is told in the documentation", () => {
  const told = readFileSync(join(ROOT, "docs", "settings.md"), "utf8");
  const { properties } = JSON.parse(text).contributes.configuration;
  for (const name of Object.keys(properties))
    assert.ok(
      told.includes(`\`${name}\``) || told.includes(`\`${name.slice("fermata.".length)}\``),
      name,
    );
});

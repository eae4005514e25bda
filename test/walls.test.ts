/**
 * The walls: which folder of `src` may import what. The tables below are the documentation; the tests hold them.
 * Where experience shows that a wall stands in the wrong place, move it here and say why in docs/decisions.
 */
import assert from "node:assert/strict";
import { dirname, join, posix } from "node:path";
import { test } from "node:test";
import { ROOT } from "../scripts/bootstrap.mjs";
import type { SourceFile } from "../scripts/houseRules.ts";
import { readSourceFiles } from "../scripts/sourceFiles.ts";
import { circlesIn } from "./walls/circles.ts";
import { type Import, importsOf, linesWith } from "./walls/scan.ts";

interface Wall {
  /** Folders of `src` that may be imported, whole. A folder may always import itself. */
  readonly folders: readonly string[];
  /** External packages; `node:` stands for all of Node's own. */
  readonly packages: readonly string[];
  /** Why the wall stands: the end of every message about it. */
  readonly why: string;
}

const LANGUAGE = ["util", "expression", "workflow"];
const MEANING = [...LANGUAGE, "run"];
const SEEING = ["views", "report", "protocol"];
/** What an editor offers while a workflow file is written. */
const WRITING = ["language"];
/** What every adapter may build on; a sibling is reached only through its port file. */
const GROUND = [...MEANING, "engine", "process", "search", "http", "worktrees"];
/** What stands between adapters, and between hosts and adapters: shapes without a vendor. */
const PORTS = [
  ...[
    "engine/activity.ts",
    "engine/engine.ts",
    "engine/host.ts",
    "engine/journal.ts",
    "engine/slices.ts",
  ],
  ...["agents/agent.ts", "agents/languageModels.ts", "mcp/toolServer.ts", "app/ports.ts"],
];

/** The listed pure libraries: no code from text, no clock, linear time. Every level from the adapters on may use them. */
const PURE_PACKAGES = ["@noble/hashes", "@cfworker/json-schema", "re2js", "yaml"];

const PURE = "it must give the same answer on every machine, in a replay and in a page";
const ADAPTER = "an adapter knows its vendor and the ports, not its siblings";
const HOST = "a host is a thin table over the app; what two hosts need belongs in src/app";

/** The most specific folder that a file lies in decides. */
const WALLS: Readonly<Record<string, Wall>> = {
  util: { folders: [], packages: ["@noble/hashes"], why: PURE },
  expression: { folders: ["util"], packages: ["re2js", "@noble/hashes"], why: PURE },
  workflow: { folders: ["util", "expression"], packages: ["yaml", "re2js"], why: PURE },
  language: { folders: LANGUAGE, packages: ["yaml"], why: PURE },
  run: { folders: LANGUAGE, packages: ["@cfworker/json-schema", "re2js"], why: PURE },
  views: { folders: MEANING, packages: [], why: PURE },
  report: { folders: MEANING, packages: [], why: PURE },
  protocol: { folders: MEANING, packages: [], why: PURE },
  engine: { folders: MEANING, packages: [], why: "it enters a workflow sandbox that has no Node" },
  "engine/embedded": { folders: GROUND, packages: ["node:", ...PURE_PACKAGES], why: ADAPTER },
  process: { folders: ["util", "run"], packages: ["node:"], why: ADAPTER },
  workerKit: {
    folders: ["util", "run", "workflow"],
    packages: ["node:", "hono", "@hono/node-server"],
    why: "a worker is a program of its own: it shares the contract with the engine and nothing else",
  },
  http: { folders: ["util", "run"], packages: ["node:"], why: ADAPTER },
  worktrees: { folders: ["util", "run", "process"], packages: ["node:"], why: ADAPTER },
  search: {
    folders: ["util", "run"],
    packages: ["node:", "ignore", ...PURE_PACKAGES],
    why: ADAPTER,
  },
  journal: { folders: GROUND, packages: ["node:", "sql.js", ...PURE_PACKAGES], why: ADAPTER },
  activities: { folders: GROUND, packages: ["node:", ...PURE_PACKAGES], why: ADAPTER },
  agents: {
    folders: [...GROUND, "agents/acp"],
    packages: ["node:", "ollama", "eventsource-parser", ...PURE_PACKAGES],
    why: ADAPTER,
  },
  "agents/acp": {
    folders: [...GROUND, "agents"],
    packages: ["node:", "@agentclientprotocol/sdk"],
    why: ADAPTER,
  },
  mcp: {
    folders: GROUND,
    packages: [
      ...["node:", ...PURE_PACKAGES],
      ...["@modelcontextprotocol/client", "@modelcontextprotocol/server"],
    ],
    why: ADAPTER,
  },
  app: {
    folders: [
      ...[...GROUND, ...SEEING, "engine/embedded", "journal", "activities", "agents", "mcp"],
      "app/machine",
    ],
    packages: PURE_PACKAGES,
    why: "the product runs in any host; only src/app/compose.ts and src/app/machine know the machine",
  },
  "app/machine": {
    folders: [...GROUND, "app", "engine/embedded", "journal"],
    packages: ["node:"],
    why: "it gives the machine to the product and decides nothing",
  },
  "app/debug": {
    folders: [...MEANING, "views", "app"],
    packages: ["@vscode/debugadapter", "@vscode/debugprotocol"],
    why: "a debugger over the app, for any client of the protocol; no editor is known here",
  },
  hosts: { folders: [], packages: [], why: HOST },
  "hosts/cli": {
    folders: [...MEANING, ...SEEING, "app"],
    packages: [
      ...["node:", "commander", "@clack/core", "@clack/prompts"],
      ...["log-update", "string-width"],
      ...PURE_PACKAGES,
    ],
    why: HOST,
  },
  "hosts/mcp": {
    folders: [...MEANING, ...SEEING, "app"],
    packages: ["node:", "@modelcontextprotocol/server"],
    why: HOST,
  },
  "hosts/vscode": {
    folders: [...MEANING, ...SEEING, ...WRITING, "app", "app/debug"],
    packages: ["node:", "vscode"],
    why: HOST,
  },
};

/** Single files that may import more than their folder: each is the one place of its kind. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  "app/compose.ts": ["node:"],
};

/** Entries of other hosts that the program's own entry may load: it starts them and knows nothing else of them. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  "hosts/cli/main.ts": ["hosts/mcp/serve.ts"],
};

/** Packages that only one file may import, wherever their folder allows them. */
const ONE_FILE = ["sql.js", "ollama", "eventsource-parser/stream"];

/** Folders compiled without ambient types (tsconfig.pure.json), and what still could slip in. */
const PURE_FOLDERS = [...MEANING, ...SEEING, ...WRITING];
const IMPURE: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\basync\b|\bawait\b|\bPromise\s*\.|\bnew\s+Promise\b/, "return data; a caller waits"],
  [/\bDate\.now\b|\bnew\s+Date\s*\(\s*\)|(?<!new\s)\bDate\s*\(/, "take the time as an argument"],
  [/\.get(Hours|Minutes|Date|Day|Month|FullYear|TimezoneOffset)\s*\(/, "use the UTC getters"],
  [/\bMath\.random\b/, "draw from the run's recorded seed"],
  [/\bprocess\s*\.|\bglobalThis\b/, "take what you need as an argument"],
  [
    /\.localeCompare\s*\(|\.toLocale\w*\s*\(|\bIntl\.(?!Segmenter)/,
    "compare code units: locales differ",
  ],
];

const FILES = readSourceFiles(join(ROOT, "src")).filter(({ path }) => path.endsWith(".ts"));

test("no file reaches through a wall", () => {
  report(FILES.flatMap((file) => importsOf(file.text).flatMap((found) => judge(file, found))));
});

test("pure folders hold no time, chance, waiting or ambient state", () => {
  const pure = FILES.filter(({ path }) => PURE_FOLDERS.includes(path.split("/")[0] ?? ""));
  report(
    pure.flatMap(({ path, text }) =>
      IMPURE.flatMap(([pattern, instead]) =>
        linesWith(text, pattern).map((line) => `src/${path}:${line}: ${instead}; ${PURE}`),
      ),
    ),
  );
});

/** The page sees what everyone sees, and draws it: no Node, no app, no engine. */
const PAGE_FOLDERS = [...MEANING, ...SEEING];
const PAGE_PACKAGES = ["lit", "@vscode-elements/elements", "@dagrejs/dagre"];

test("the page imports what is pure, and its own elements", () => {
  const page = readSourceFiles(join(ROOT, "webview")).filter(({ path }) => path.endsWith(".ts"));
  const breaches = page.flatMap(({ path, text }) =>
    importsOf(text).flatMap(({ from, line }) => {
      const target = posix.normalize(posix.join("webview", dirname(path), from));
      const fits = from.startsWith(".")
        ? target.startsWith("webview/") ||
          PAGE_FOLDERS.some((folder) => target.startsWith(`src/${folder}/`))
        : PAGE_PACKAGES.some((name) => from === name || from.startsWith(`${name}/`));
      return fits ? [] : [`webview/${path}:${line}: "${from}" is not for a page`];
    }),
  );
  assert.ok(page.length > 0);
  report(breaches);
});

test("a package with one place is imported in one file", () => {
  for (const name of ONE_FILE) {
    const users = FILES.filter(({ text }) => importsOf(text).some(({ from }) => from === name));
    assert.ok(users.length <= 1, `${name} in ${users.map(({ path }) => path).join(", ")}`);
  }
});

test("every folder has its wall and every wall's folder its names", () => {
  const known = new Set(Object.keys(WALLS).map((folder) => folder.split("/")[0]));
  const folders = new Set(FILES.map(({ path }) => path.split("/")[0]));
  assert.deepEqual(
    [...folders].filter((folder) => !known.has(folder)),
    [],
    "add a row to WALLS",
  );
});

test("a breach is seen, whatever its form", () => {
  const breach = (path: string, text: string) =>
    importsOf(text).flatMap((found) => judge({ path, text }, found)).length;
  assert.equal(breach("run/a.ts", 'import type { X } from "../app/app.ts";'), 1);
  assert.equal(breach("run/a.ts", 'export { x } from "node:fs";'), 1);
  assert.equal(breach("run/a.ts", 'const x = await import("yaml");'), 1);
  assert.equal(breach("run/a.ts", 'let x: import("vscode").Uri;'), 1);
  assert.equal(breach("run/a.ts", 'import "../../test/x.ts";'), 1);
  assert.equal(breach("run/a/b.ts", 'import { x } from "../c.ts"; // from "node:fs"'), 0);
  assert.equal(breach("agents/x.ts", 'import { x } from "../mcp/client.ts";'), 1);
  assert.equal(breach("agents/x.ts", 'import { x } from "../mcp/toolServer.ts";'), 0);
  assert.equal(breach("engine/drive.ts", 'import { x } from "./embedded/timers.ts";'), 1);
  assert.equal(breach("hosts/cli/x.ts", 'import { x } from "../vscode/tree.ts";'), 1);
  assert.equal(breach("hosts/cli/x.ts", 'await import("../mcp/serve.ts");'), 1);
  assert.equal(breach("hosts/cli/main.ts", 'await import("../mcp/serve.ts");'), 0);
  assert.equal(breach("run/a.ts", 'const s = `{`; const r = /from "node:fs"/;'), 0);
});

test("no files wait for each other while they load", () => {
  const imports = new Map(
    FILES.map(({ path, text }) => [path, importsOf(text).flatMap(loadedBy(path))]),
  );
  report(circlesIn(imports).map((circle) => `a circle of imports: ${circle.join(", ")}`));
  const breach = (first: string) =>
    circlesIn(
      new Map([
        ["a.ts", importsOf(first).flatMap(loadedBy("a.ts"))],
        ["b/c.ts", importsOf('export { a } from "../a.ts";').flatMap(loadedBy("b/c.ts"))],
      ]),
    );
  assert.deepEqual(breach('import { type X, c } from "./b/c.ts";'), [["a.ts", "b/c.ts"]]);
  assert.deepEqual(breach('import type { X } from "./b/c.ts";'), []);
  assert.deepEqual(breach('const c = await import("./b/c.ts");'), []);
});

test("the scanner tells code from text", () => {
  const source = [
    "const a = `x $" + "{await y} await`; // await",
    'const r = /await["]/; "await"; b / await_;',
    "const n = `$" + "{`await $" + "{f({ await: 1 })}`} await`;",
    "/* await */ const q = x / await / y;",
  ];
  assert.deepEqual(linesWith(source.join("\n"), /\bawait\b/), [1, 3, 4]);
});

/** The file of `src` that an import of a file loads, if it does. */
function loadedBy(path: string): (found: Import) => readonly string[] {
  return ({ from, loads }) =>
    loads && from.startsWith(".") ? [posix.normalize(posix.join(dirname(path), from))] : [];
}

/** The breach, if this import is one. */
function judge(file: SourceFile, { from, line }: Import): readonly string[] {
  const [folder, wall] = wallOf(file.path);
  const place = `src/${file.path}:${line}`;
  if (!from.startsWith(".")) {
    const allowed = [...wall.packages, ...(PLACES[file.path] ?? [])];
    const fits = allowed.some(
      (name) => from === name || from.startsWith(name === "node:" ? name : `${name}/`),
    );
    const breach = `${place}: "${from}" is not for src/${folder} (${listed(allowed)})`;
    return fits ? [] : [`${breach}: ${wall.why}; if this is its one place, add it to WALLS`];
  }
  const target = posix.normalize(posix.join(dirname(file.path), from));
  if (target.startsWith("..")) {
    return [`${place}: "${from}" leaves src: nothing in it may depend on tests, scripts or builds`];
  }
  const [owner] = wallOf(target);
  const fits =
    owner === folder ||
    wall.folders.includes(owner) ||
    PORTS.includes(target) ||
    (ENTRIES[file.path] ?? []).includes(target);
  return fits
    ? []
    : [
        `${place}: src/${folder} may not import src/${target} (${listed(wall.folders)}): ${wall.why}`,
      ];
}

function wallOf(path: string): readonly [folder: string, wall: Wall] {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const wall = WALLS[folder];
    if (wall) {
      return [folder, wall];
    }
  }
  throw new Error(`src/${path} lies in no folder with a wall; add a row to WALLS`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "it may use nothing from outside" : `allowed: ${names.join(", ")}`;
}

function report(breaches: readonly string[]): void {
  assert.equal(breaches.length, 0, `\n${breaches.join("\n")}`);
}

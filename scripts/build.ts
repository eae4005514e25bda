/**
 * `npm run build`: bundles each entry of the product into `dist/`, with the notices of what is in them.
 * Owns what a bundle may and may not contain.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { ROOT } from "./bootstrap.mjs";
import { evaluatedCode } from "./evaluatedCode.ts";
import { interpretedSchemas } from "./interpretedSchemas.ts";
import { thirdPartyNotices } from "./thirdParty.ts";

interface Bundle {
  readonly out: string;
  readonly entry: string;
  readonly format: "cjs" | "esm";
  readonly external: readonly string[];
  /** Largest size in KiB: every window loads it. */
  readonly most?: number;
  /** Runs in a page: no Node in it, and small. */
  readonly page?: boolean;
}

const BUNDLES: readonly Bundle[] = [
  {
    out: "dist/extension.cjs",
    entry: "src/hosts/vscode/extension.ts",
    format: "cjs",
    external: ["vscode", "./whole.cjs"],
    most: 250,
  },
  {
    out: "dist/whole.cjs",
    entry: "src/hosts/vscode/whole.ts",
    format: "cjs",
    external: ["vscode"],
  },
  { out: "dist/fermata.mjs", entry: "src/hosts/cli/main.ts", format: "esm", external: [] },
  {
    out: "dist/webview/run.js",
    entry: "webview/main.ts",
    format: "esm",
    external: [],
    page: true,
  },
  { out: "dist/guard.mjs", entry: "src/process/guardMain.ts", format: "esm", external: [] },
];

/** What bundles read at run time from beside themselves. */
const BESIDE = [
  { from: "node_modules/sql.js/dist/sql-wasm.wasm", to: "dist/sql-wasm.wasm" },
  { from: "node_modules/@vscode/codicons/dist/codicon.css", to: "dist/webview/codicon.css" },
  { from: "node_modules/@vscode/codicons/dist/codicon.ttf", to: "dist/webview/codicon.ttf" },
  { from: "webview/page.css", to: "dist/webview/page.css" },
];

/** CommonJS packages inside an ES module still ask for `require` and their folder. */
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; ' +
  "const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;";
/** A CommonJS bundle has no import.meta; code that asks for its own place gets the bundle's. */
const BUNDLE_URL = 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;';

const EXTENSION_GLOBALS = {
  "import.meta.url": "__bundleUrl",
  "import.meta.dirname": "__dirname",
  // Its mere mention makes the extension host log an error: there it is Node's, not a browser's.
  navigator: "undefined",
};

/** What the extension loads when there is a reason is a bundle of its own. */
const wholeApart: Plugin = {
  name: "whole-apart",
  setup(made) {
    made.onResolve({ filter: /^\.\/whole\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./whole.cjs", external: true } : undefined,
    );
  },
};

/** Builds every bundle; answers the lines to print. Throws with all breaches when a bundle holds what it must not. */
export async function buildAll(): Promise<readonly string[]> {
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  const lines: string[] = [];
  const bundled = new Set(BESIDE.map(({ from }) => from));
  for (const bundle of BUNDLES) {
    const { line, inputs } = await buildOne(bundle);
    lines.push(line);
    for (const input of inputs) bundled.add(input);
  }
  for (const { from, to } of BESIDE) copyFileSync(join(ROOT, from), join(ROOT, to));
  writeFileSync(join(ROOT, "dist", "ThirdPartyNotices.txt"), thirdPartyNotices(bundled));
  return lines;
}

async function buildOne(
  bundle: Bundle,
): Promise<{ readonly line: string; readonly inputs: readonly string[] }> {
  const result = await build({ ...options(bundle), metafile: true });
  const inputs = Object.keys(result.metafile.inputs);
  const code = withOneApi(join(ROOT, bundle.out));
  const imports = Object.values(result.metafile.outputs).flatMap(({ imports }) => imports);
  const breaches = [
    ...imports
      .filter(
        ({ path, external }) =>
          external && (bundle.page || !isBuiltin(path)) && !bundle.external.includes(path),
      )
      .map(({ path }) => `imports ${path} from outside the bundle`),
    ...evaluatedCode(code).map((place) => `makes code from text: ${place}`),
    ...(/__toESM\(require\("vscode"/.test(code) ? ["copies the editor's API for a file"] : []),
  ];
  const size = Math.round(code.length / 1024);
  if (bundle.most !== undefined && size > bundle.most)
    breaches.push(`is larger than ${bundle.most} KiB: ${size} KiB`);
  if (breaches.length > 0) {
    throw new Error(breaches.map((breach) => `${bundle.out} ${breach}`).join("\n"));
  }
  return { line: `${bundle.out}: ${size} KiB from ${inputs.length} files`, inputs };
}

/**
 * Every file that imports the editor's API would copy it, getter by getter, when it is loaded: a sixth of the time that
 * the first use of the extension takes. What is imported is the namespace, and the module itself serves for it as well.
 */
function withOneApi(file: string): string {
  const made = readFileSync(file, "utf8");
  const code = made.replaceAll('__toESM(require("vscode"), 1)', 'require("vscode")');
  if (code !== made) writeFileSync(file, code);
  return code;
}

function options({ out, entry, format, external, page = false }: Bundle): BuildOptions {
  const esm = format === "esm";
  return {
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: out,
    format,
    external: [...external],
    bundle: true,
    platform: page ? "browser" : "node",
    target: page ? "es2024" : "node20",
    minify: page,
    charset: "utf8",
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "eof",
    logLevel: "error",
    plugins: [interpretedSchemas, wholeApart],
    ...(page ? {} : { banner: { js: banner(entry, format) } }),
    define: esm ? {} : EXTENSION_GLOBALS,
    // Node reads through the whole of a CommonJS file that is imported, for its exports; one that is required it does not.
    ...(esm ? {} : { supported: { "dynamic-import": false } }),
  };
}

function banner(entry: string, format: Bundle["format"]): string {
  if (format === "cjs") {
    return BUNDLE_URL;
  }
  return entry.includes("/cli/") ? `#!/usr/bin/env node\n${REQUIRE}` : REQUIRE;
}

if (import.meta.main) {
  try {
    for (const line of await buildAll()) {
      console.log(line);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

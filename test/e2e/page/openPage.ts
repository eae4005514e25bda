/**
 * The page of a run in a real browser, under its own policy and a theme's real colours, with the window's part played by
 * the test. What needs the editor around it is in the tests of the editor.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import { installBrowser } from "../../../scripts/editor/browser.ts";
import { pagePolicy } from "../../../src/hosts/vscode/runView/pagePolicy.ts";
import type { ToDefinition } from "../../../src/protocol/definitionView.ts";
import type { ToView } from "../../../src/protocol/runView.ts";
import { BROWSER_ARGS } from "../harness/editor.ts";

export const THEMES = ["dark", "light", "highContrastDark", "highContrastLight"] as const;
export type Theme = (typeof THEMES)[number];

export interface OpenPage {
  readonly page: Page;
  readonly post: (message: ToView | ToDefinition) => Promise<void>;
  /** Messages that the page sent, by type. */
  readonly sent: () => Promise<
    readonly { readonly type: string; readonly [more: string]: unknown }[]
  >;
  /** What the policy stopped so far. */
  readonly violations: () => Promise<readonly string[]>;
  readonly errors: readonly string[];
  readonly screenshot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface PageOptions {
  readonly theme?: Theme;
  readonly tag?: string;
  readonly reducedMotion?: boolean;
  readonly forcedColors?: boolean;
}

interface Colours {
  readonly body: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Opens the page; `close` ends browser and server. */
export async function openPage(options: PageOptions = {}): Promise<OpenPage> {
  const { theme = "dark", tag = '<fermata-run data-run="run_1"></fermata-run>' } = options;
  const server = createServer(filesOf(await bundle(), theme, tag));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser: Browser = await chromium.launch({
    executablePath: installBrowser(() => {}),
    args: BROWSER_ARGS,
  });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
    forcedColors: options.forcedColors ? "active" : "none",
  });
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`http://127.0.0.1:${port}/`);
  return {
    page,
    errors,
    post: async (message) => {
      await page.evaluate(`window.postMessage(${JSON.stringify(message)}, "*")`);
      await settle(page);
    },
    sent: () => page.evaluate("window.sent"),
    violations: () => page.evaluate("window.violations"),
    screenshot: async (name) => {
      await page.screenshot({ path: join(ROOT, "test-results", `${name}.png`) });
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** Waits until two frames were drawn. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))",
  );
}

let bundled: Promise<string> | undefined;

function bundle(): Promise<string> {
  bundled ??= build({
    absWorkingDir: ROOT,
    entryPoints: ["webview/main.ts"],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024",
    logLevel: "error",
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "");
  return bundled;
}

/** The editor's part of a page: its handle, its variables, and a note of everything that the policy stops. */
function editorScript({ body, variables }: Colours): string {
  return `window.sent = []; window.violations = []; window.canaries = 0;
window.canary = () => { window.canaries += 1; };
window.acquireVsCodeApi = () => ({ postMessage: (message) => window.sent.push(message), getState: () => undefined, setState: () => undefined });
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => window.violations.push(violatedDirective + " " + blockedURI));
const variables = ${JSON.stringify(variables)};
for (const name of Object.keys(variables)) document.documentElement.style.setProperty(name, variables[name]);
document.addEventListener("DOMContentLoaded", () => { document.body.className = ${JSON.stringify(body)}; });`;
}

function filesOf(code: string, theme: Theme, tag: string): Parameters<typeof createServer>[1] {
  const all: Readonly<Record<Theme, Colours>> = JSON.parse(
    readFileSync(join(import.meta.dirname, "themes.json"), "utf8"),
  );
  const icons = join(ROOT, "node_modules", "@vscode", "codicons", "dist");
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Fermata</title>
<link rel="stylesheet" href="/codicon.css" id="vscode-codicon-stylesheet"><link rel="stylesheet" href="/page.css">
<script src="/editor.js"></script></head><body>${tag}<script type="module" src="/run.js"></script></body></html>`;
  const files = new Map<string, readonly [string, () => string | Buffer]>([
    ["/", ["text/html", () => html]],
    ["/run.js", ["text/javascript", () => code]],
    ["/editor.js", ["text/javascript", () => editorScript(all[theme])]],
    ["/page.css", ["text/css", () => readFileSync(join(ROOT, "webview", "page.css"))]],
    ["/codicon.css", ["text/css", () => readFileSync(join(icons, "codicon.css"))]],
    ["/codicon.ttf", ["font/ttf", () => readFileSync(join(icons, "codicon.ttf"))]],
  ]);
  return ({ url = "/" }, response) => {
    const found = files.get(new URL(url, "http://x").pathname);
    response.setHeader("Content-Security-Policy", pagePolicy("'self'"));
    response.setHeader("Content-Type", found?.[0] ?? "text/plain");
    response.statusCode = found ? 200 : 404;
    response.end(found?.[1]());
  };
}

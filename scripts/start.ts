/**
 * `npm start`: Fermata in front of a person. In desktop VS Code when `code` is there, otherwise in a local code-server
 * whose address is printed; with `--terminal` in the terminal.
 *
 *   npm start [-- --workspace DIR] [--editor desktop|browser] [--port N]
 *   npm start -- --terminal [--workspace DIR] [--input k=v ...] [--answers FILE] [more options of `fermata run`]
 *
 * Without `--workspace` it works on a copy of the sample workspace in the cache, so that nothing here gets dirty.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { ROOT } from "./bootstrap.mjs";
import { startEditorServer } from "./editor/editorServer.ts";
import { packageProduct } from "./packageProduct.ts";

const WORKFLOW = "interactive-planning";
const SAMPLE = join(ROOT, "examples", "sample-workspace");
const SAMPLE_COPY = join(ROOT, ".cache", "sample-workspace");

const HELP = `npm start                       Fermata in your VS Code, or in a local one in the browser
  -- --workspace DIR            on that folder; without it, on a copy of the sample workspace
  -- --editor desktop|browser   in this one
  -- --port N                   the browser's VS Code at this port
npm start -- --terminal         plans a task in the terminal
  -- --terminal --workspace DIR --input task_description="..." --answers FILE
                                and every other option of: npm run -s fermata -- help run`;
/** `--workspace DIR`, `--workspace=DIR`, `-w DIR`, `-wDIR`. */
const NAMES_WORKSPACE = /^(?:--workspace(?:=|$)|-w)/;

const args = process.argv.slice(2);
try {
  if (args.includes("--help") || args.includes("-h")) console.log(HELP);
  else await (args.includes("--terminal") ? startTerminal() : startEditor());
} catch (error) {
  console.error(`fermata: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** Hands over to the CLI, in this process: its options are its own business, `--workspace` only gets a default. */
async function startTerminal(): Promise<void> {
  const rest = args.filter((arg) => arg !== "--terminal");
  const named = rest.some((arg) => NAMES_WORKSPACE.test(arg));
  // The sample is ours, so it needs nobody's trust.
  const place = named ? [] : ["--workspace", sampleWorkspace(), "--trust"];
  const main = join(ROOT, "src", "hosts", "cli", "main.ts");
  process.argv = [process.execPath, main, "run", WORKFLOW, ...place, ...rest];
  await import(pathToFileURL(main).href);
}

async function startEditor(): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      workspace: { type: "string" },
      editor: { type: "string" },
      port: { type: "string" },
    },
  });
  const workspace = values.workspace === undefined ? sampleWorkspace() : folder(values.workspace);
  const desktop = values.editor === undefined ? hasDesktop() : values.editor === "desktop";
  console.log("building the extension");
  const vsix = join(ROOT, ".cache", "start", "fermata.vsix");
  for (const line of await packageProduct(vsix)) {
    console.log(`  ${line}`);
  }
  await (desktop
    ? openDesktop(workspace)
    : serveBrowser(workspace, vsix, values.workspace !== undefined, values.port));
}

function openDesktop(workspace: string): void {
  const { status, error } = spawnSync(
    "code",
    ["--new-window", `--extensionDevelopmentPath=${ROOT}`, workspace],
    { stdio: "inherit", shell: process.platform === "win32" },
  );
  if (status !== 0) {
    throw new Error(
      `VS Code did not open (${error?.message ?? `exit ${status}`}); try --editor browser`,
    );
  }
  console.log(
    `VS Code opened on ${workspace}: click the Fermata icon, or F1 and "Fermata: Run Workflow"`,
  );
}

async function serveBrowser(workspace: string, vsix: string, askTrust: boolean, port = "0") {
  const home = mkdtempSync(join(realpathSync(tmpdir()), "fe-"));
  process.once("exit", () => rmSync(home, { recursive: true, force: true }));
  const server = await startEditorServer({
    home,
    askTrust,
    port: Number(port),
    vsix: existsSync(vsix) ? [vsix] : [],
    say: (line) => console.log(line),
  });
  console.log(`\nFermata runs in VS Code at\n\n  ${server.address(workspace)}\n`);
  console.log(
    'Open it, click the Fermata icon, or F1 and "Fermata: Run Workflow". Ctrl-C ends it.',
  );
  await new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => done());
    }
  });
  await server.stop();
}

function sampleWorkspace(): string {
  if (!existsSync(SAMPLE_COPY)) {
    cpSync(SAMPLE, SAMPLE_COPY, { recursive: true });
  }
  return SAMPLE_COPY;
}

function folder(path: string): string {
  const absolute = resolve(path);
  if (!existsSync(absolute) || !statSync(absolute).isDirectory()) {
    throw new Error(`--workspace ${path}: there is no such folder`);
  }
  return realpathSync(absolute);
}

function hasDesktop(): boolean {
  const { status } = spawnSync("code", ["--version"], { shell: process.platform === "win32" });
  return status === 0;
}

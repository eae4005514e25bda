/**
 * What the product's browser tests share: the package as users get it, a folder to work in, and the run's own record.
 */
import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/bootstrap.mjs";
import { packageProduct } from "../../scripts/packageProduct.ts";
import {
  type Editor,
  type EditorOptions,
  type EditorWindow,
  startEditor,
} from "./harness/editor.ts";
import { until } from "./harness/until.ts";

export interface Product {
  readonly editor: Editor;
  readonly workspace: string;
  /** The state folder of the workspace; it is there once something ran. */
  readonly stateFolder: () => string;
  /** Names of the runs on disk. */
  readonly runs: () => readonly string[];
  /** The events of a run, in order. */
  readonly events: (run: string) => readonly RecordedEvent[];
  /** Writes the settings of the person's own, for every folder. */
  readonly configure: (settings: object) => void;
  /** Ends the editor. Rejects when an error of the product was caught by nobody meanwhile. */
  readonly dispose: () => Promise<void>;
}

export interface RecordedEvent {
  readonly type: string;
  readonly path?: string;
  readonly status?: string;
  readonly [more: string]: unknown;
}

export interface ProductOptions extends Omit<EditorOptions, "workspace" | "vsix"> {
  /** Packages of other extensions to be installed too. */
  readonly beside?: readonly string[];
}

/**
 * Starts an editor with the product on a copy of the sample workspace. `prepare` may put more into it, and runs under
 * `state`, the XDG_STATE_HOME of the extension host.
 */
export async function startProduct(
  { beside = [], ...options }: ProductOptions,
  prepare: (workspace: string, state: string) => void | Promise<void> = () => {},
): Promise<Product> {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fermata-e2e-"));
  const workspace = join(scratch, "notebook");
  const state = join(scratch, "state");
  mkdirSync(state);
  cpSync(join(ROOT, "examples", "sample-workspace"), workspace, { recursive: true });
  await prepare(workspace, state);
  const env = {
    XDG_STATE_HOME: state,
    XDG_CONFIG_HOME: join(scratch, "config"),
    FERMATA_AGENT: "offline",
    ...options.env,
  };
  const editor = await startEditor({
    ...options,
    env,
    workspace,
    vsix: [await packedProduct(), ...beside],
  });
  const stateFolder = (): string => {
    const [only = "none"] = existsSync(join(state, "fermata"))
      ? foldersIn(join(state, "fermata"))
      : [];
    return join(state, "fermata", only);
  };
  const runsFolder = (): string => join(stateFolder(), "runs");
  return {
    editor,
    workspace,
    stateFolder,
    runs: () => (existsSync(runsFolder()) ? foldersIn(runsFolder()) : []),
    events: (run) => eventsIn(join(runsFolder(), run, "journal.jsonl")),
    configure: (settings) => {
      mkdirSync(join(env.XDG_CONFIG_HOME, "fermata"), { recursive: true });
      writeFileSync(
        join(env.XDG_CONFIG_HOME, "fermata", "settings.json"),
        JSON.stringify(settings),
      );
    },
    dispose: async () => {
      await editor.dispose();
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
      // An error that names a place in our own files is one that nobody caught.
      const uncaught = editor.pageErrors().filter((line) => line.includes("/fermata.fermata-"));
      assert.deepEqual(uncaught, []);
    },
  };
}

/** The package that the test command made, or one made now. */
async function packedProduct(): Promise<string> {
  const given = process.env.FERMATA_VSIX;
  if (given !== undefined && existsSync(given)) return given;
  const vsix = join(ROOT, ".cache", "test", "fermata.vsix");
  await packageProduct(vsix);
  return vsix;
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function eventsIn(file: string): readonly RecordedEvent[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .flatMap((record) => (record.event === undefined ? [] : [record.event]));
}

/** Opens the product's views, and leaves them when they are open. */
export async function showViews(editor: EditorWindow): Promise<void> {
  const title = editor.page.locator(".sidebar .composite.title", { hasText: "Fermata" });
  if (!(await title.isVisible())) await editor.activity("Fermata").click();
  await title.waitFor();
}

/** What a failed test had before its eyes. */
export async function failureScreenshot(test: unknown, editor: Editor | undefined): Promise<void> {
  const { passed, name } = test as { passed?: boolean; name: string };
  if (passed === false)
    await editor?.screenshot(`failed-${name.replace(/[^a-z]+/gi, "-").slice(0, 60)}`);
}

/** What the editor in front shows, line breaks and blanks as people see them. */
export async function visibleText(editor: Editor): Promise<string> {
  const lines = editor.page.locator(".editor-group-container.active .view-lines .view-line");
  const shown = await lines.evaluateAll((all) =>
    all
      .map((line) => ({ text: line.textContent ?? "", top: line.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  );
  return shown.join("\n").replaceAll("\u00a0", " ");
}

/** Waits until the editor in front shows a text. */
export function untilVisible(editor: Editor, text: string | RegExp): Promise<string> {
  const holds = (seen: string) =>
    typeof text === "string" ? seen.includes(text) : text.test(seen);
  return until(`the editor to show ${text}`, () => visibleText(editor), holds, {
    show: (seen) => seen,
  });
}

/** Presses a word of the line above a text. */
export async function pressLens(editor: Editor, words: string): Promise<void> {
  await editor.page.locator(".codelens-decoration a", { hasText: words }).first().click();
}

/**
 * Opens a tree row's menu and picks from it. The editor loses clicks on rows that are being drawn, and ignores those in a
 * menu's first moments: clicks until the menu is there, and until the entry is taken.
 */
export async function pickFromMenu(editor: Editor, row: string, entry: string): Promise<void> {
  const found = editor.page.locator(".monaco-menu").getByRole("menuitem", { name: entry });
  const appears = async (): Promise<boolean> => {
    await editor.treeRow(row).click({ button: "right" });
    await found.waitFor({ timeout: 3000 }).catch(() => editor.page.keyboard.press("Escape"));
    return found.isVisible();
  };
  await until(`the menu of ${row} with ${entry}`, appears, Boolean);
  const open = async (): Promise<boolean> => {
    await found.click({ timeout: 1000 }).catch(() => undefined);
    return found.isVisible();
  };
  await until(`the menu to take ${entry}`, open, (visible) => !visible);
}

/** Presses a button that a tree row shows under the mouse. */
export async function pressInline(editor: EditorWindow, row: string, title: string): Promise<void> {
  const found = editor.treeRow(row);
  await found.hover();
  await found.locator(`.action-label[aria-label^="${title}"]`).click();
}

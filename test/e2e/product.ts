/**
 * What the product's browser tests share: the package as users get it, a folder to work in, and the run's own record.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/bootstrap.mjs";
import { packageProduct } from "../../scripts/packageProduct.ts";
import { type Editor, type EditorOptions, startEditor } from "./harness/editor.ts";

export interface Product {
  readonly editor: Editor;
  readonly workspace: string;
  /** The state folder of the workspace; it is there once something ran. */
  readonly stateFolder: () => string;
  /** Names of the runs on disk. */
  readonly runs: () => readonly string[];
  /** The events of a run, in order. */
  readonly events: (run: string) => readonly RecordedEvent[];
  readonly dispose: () => Promise<void>;
}

export interface RecordedEvent {
  readonly type: string;
  readonly path?: string;
  readonly status?: string;
  readonly [more: string]: unknown;
}

/** Starts an editor with the product on a copy of the sample workspace. `prepare` may put more into it. */
export async function startProduct(
  options: Omit<EditorOptions, "workspace" | "vsix">,
  prepare: (workspace: string) => void = () => {},
): Promise<Product> {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fermata-e2e-"));
  const workspace = join(scratch, "notebook");
  const state = join(scratch, "state");
  mkdirSync(state);
  cpSync(join(ROOT, "examples", "sample-workspace"), workspace, { recursive: true });
  prepare(workspace);
  const env = {
    XDG_STATE_HOME: state,
    XDG_CONFIG_HOME: join(scratch, "config"),
    FERMATA_AGENT: "offline",
    ...options.env,
  };
  const editor = await startEditor({ ...options, env, workspace, vsix: await packedProduct() });
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
    dispose: async () => {
      await editor.dispose();
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
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

/**
 * The file system behind the tabs of plans, so that the editor itself brings them back after a reload.
 * Small, since it is there before the rest is: owns only how a plan looks as a file; which there are is the plans' matter.
 */
import * as vscode from "vscode";

export const PLAN_SCHEME = "fermata-plan";

/** One text as a file: a version of a plan, or the person's own wording of it. */
export interface PlanText {
  readonly text: string;
  /** Only the person's own wording may be written. */
  readonly writable: boolean;
  /** When it was last written, in ms since the epoch. */
  readonly at: number;
}

export interface PlanStore {
  /** Undefined: there is no such plan. */
  read(uri: vscode.Uri): Promise<PlanText | undefined>;
  write(uri: vscode.Uri, text: string): Promise<void>;
}

/** Registers it; `store` is loaded when the first plan is looked at. */
export function registerPlanFiles(store: () => Promise<PlanStore | undefined>): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const read = async (uri: vscode.Uri): Promise<PlanText> => {
    const found = await (await store())?.read(uri);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  };
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  const files: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose: () => undefined }),
    stat: async (uri) => {
      const { text, writable, at } = await read(uri);
      return {
        type: vscode.FileType.File,
        ctime: 0,
        mtime: at,
        size: bytesOf(text).length,
        ...(writable ? {} : { permissions: vscode.FilePermission.Readonly }),
      };
    },
    readFile: async (uri) => bytesOf((await read(uri)).text),
    writeFile: async (uri, content) => {
      await (await store())?.write(uri, new TextDecoder().decode(content));
      changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    },
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerFileSystemProvider(PLAN_SCHEME, files, { isCaseSensitive: true }),
  );
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

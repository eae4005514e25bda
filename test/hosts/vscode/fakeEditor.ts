/**
 * The editor's API as far as the surfaces of the side bar, the status bar, messages and boxes need it, for tests of what
 * they are handed. Importing this makes `vscode` mean this file: load what is to be tested afterwards, by `import()`.
 */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (name, context, next) =>
    name === "vscode" ? { url: import.meta.url, shortCircuit: true } : next(name, context),
});

/** What the editor was handed so far. */
export const handed = {
  trees: new Map<string, TreeProvider>(),
  statusItems: [] as Record<string, unknown>[],
  messages: [] as (readonly unknown[])[],
  picks: [] as Record<string, unknown>[][],
};

export interface TreeProvider {
  getChildren(node?: unknown): unknown;
  getTreeItem(node: unknown): Readonly<Record<string, unknown>>;
}

type Listener = (value: unknown) => void;
const nothing = { dispose: () => undefined };

export class EventEmitter {
  readonly #listeners = new Set<Listener>();
  readonly event = (listener: Listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value: unknown): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class TreeItem {
  readonly label: unknown;
  readonly collapsibleState: unknown;
  constructor(label: unknown, collapsibleState: unknown) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: unknown;
  constructor(id: string, color?: unknown) {
    this.id = id;
    this.color = color;
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export const Disposable = {
  from: (...parts: readonly { dispose(): unknown }[]) => ({
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  }),
};

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const Uri = { from: (parts: object) => ({ ...parts }) };

export const l10n = {
  t: (text: string, ...given: readonly unknown[]) =>
    text.replace(/\{(\d+)\}/g, (_, index) => String(given[Number(index)])),
};

const tell = async (...said: readonly unknown[]) => void handed.messages.push(said);

export const window = {
  state: { focused: true },
  createTreeView: (id: string, { treeDataProvider }: { treeDataProvider: TreeProvider }) => {
    handed.trees.set(id, treeDataProvider);
    return { visible: false, selection: [], onDidChangeVisibility: () => nothing, ...nothing };
  },
  createStatusBarItem: () => {
    const item = { show: () => undefined, hide: () => undefined, ...nothing };
    handed.statusItems.push(item);
    return item;
  },
  showInformationMessage: tell,
  showWarningMessage: tell,
  showErrorMessage: tell,
  showQuickPick: async (items: Record<string, unknown>[]) => void handed.picks.push(items),
};

const silent = () => nothing;

export const workspace = {
  isTrusted: true,
  onDidGrantWorkspaceTrust: silent,
  createFileSystemWatcher: () => ({
    ...{ onDidCreate: silent, onDidChange: silent, onDidDelete: silent },
    ...nothing,
  }),
};

export class RelativePattern {}

export const commands = {
  registerCommand: () => nothing,
  executeCommand: async () => undefined,
};

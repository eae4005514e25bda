/**
 * The catalogue of workflow files: of this folder, the user's own, and those that come with the product.
 * Owns the listing; starting one is the run command's matter.
 */
import * as vscode from "vscode";
import type { TemplateInfo, TemplateSource } from "../../../app/app.ts";
import { printableLine } from "../../../views/printable.ts";
import type { Session } from "../session.ts";
import { restrictedMessage } from "./restricted.ts";

export type TemplateNode =
  | {
      readonly kind: "source";
      readonly source: TemplateSource;
      readonly templates: readonly TemplateInfo[];
    }
  | { readonly kind: "template"; readonly template: TemplateInfo };

export interface TemplatesView extends vscode.Disposable {
  refresh(): void;
}

const SOURCES: readonly TemplateSource[] = ["workspace", "user", "shipped"];

/**
 * Shows the catalogue and follows the folder's workflow files. The editor forgets a tree's rows while it is drawn anew,
 * and a command pressed then arrives without its row: so the list is read before, and drawn only when it is another.
 */
export function createTemplatesView(session: Session | undefined): TemplatesView {
  const drawn = new vscode.EventEmitter<undefined>();
  const read = async () => (await session?.app.listTemplates()) ?? [];
  let listed: ReturnType<typeof read> | undefined;
  let reading = Promise.resolve();
  const readAnew = async (): Promise<void> => {
    const before = await listed?.catch(() => undefined);
    const next = read();
    const now = await next.catch(() => undefined);
    if (now !== undefined && JSON.stringify(now) === JSON.stringify(before)) return;
    listed = next;
    drawn.fire(undefined);
  };
  const refresh = (): void => {
    reading = reading.then(readAnew);
  };
  const view = vscode.window.createTreeView<TemplateNode>("fermata.templates", {
    treeDataProvider: {
      onDidChangeTreeData: drawn.event,
      getTreeItem: (node) =>
        node.kind === "source" ? sourceItem(node.source) : templateItem(node.template),
      getChildren: async (node) => {
        if (!node) {
          listed ??= read();
          const templates = await listed;
          // Only now may the view say that there are none.
          void vscode.commands.executeCommand("setContext", "fermata.templatesListed", true);
          return sources(templates);
        }
        if (node.kind === "template") return [];
        return node.templates.map((template) => ({ kind: "template", template }));
      },
    },
  });
  const restricted = restrictedMessage(view);
  const parts: vscode.Disposable[] = [view, drawn, restricted];
  if (session) {
    restricted.update(true);
    for (const pattern of [
      "*.workflow.{yaml,yml}",
      "{workflows,.fermata/workflows}/*.{yaml,yml}",
    ]) {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(session.folder, pattern),
      );
      parts.push(
        watcher,
        watcher.onDidCreate(refresh),
        watcher.onDidDelete(refresh),
        watcher.onDidChange(refresh),
      );
    }
  }
  return { refresh, dispose: () => vscode.Disposable.from(...parts).dispose() };
}

function sources(templates: readonly TemplateInfo[]): TemplateNode[] {
  return SOURCES.map((source) => ({
    kind: "source" as const,
    source,
    templates: templates.filter((template) => template.source === source),
  })).filter((node) => node.templates.length > 0);
}

function sourceItem(source: TemplateSource): vscode.TreeItem {
  const item = new vscode.TreeItem(sourceName(source), vscode.TreeItemCollapsibleState.Expanded);
  item.id = source;
  item.contextValue = "source";
  return item;
}

/** Where a template comes from, in a word. */
export function sourceName(source: TemplateSource): string {
  switch (source) {
    case "workspace":
      return vscode.l10n.t("Workspace");
    case "user":
      return vscode.l10n.t("User");
    case "shipped":
      return vscode.l10n.t("Shipped");
  }
}

function templateItem(template: TemplateInfo): vscode.TreeItem {
  const { name, version, description, file, problem } = template;
  const item = new vscode.TreeItem(printableLine(name));
  item.id = `${template.source} ${file}`;
  item.description = printableLine(problem === undefined ? description : problem);
  item.tooltip = [`${name} ${version}`, problem ?? description, file].map(printableLine).join("\n");
  const about = printableLine(problem ?? description);
  item.accessibilityInformation = { label: `${printableLine(name)}, ${about}` };
  item.contextValue = problem === undefined ? "template" : "templateWithErrors";
  item.iconPath =
    problem === undefined
      ? new vscode.ThemeIcon("notebook-template")
      : new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  item.command = {
    command: "fermata.openTemplate",
    title: vscode.l10n.t("Open Template"),
    arguments: [{ template }],
  };
  return item;
}

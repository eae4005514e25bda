/** Icons and theme colours for states: the same in every tree. The word always stands beside them. */
import * as vscode from "vscode";
import type { Status } from "../../../views/statusWord.ts";

/** The icon of a state, in the theme's colour for it. */
export function statusIcon(status: Status): vscode.ThemeIcon {
  const [icon, colour] = ICONS[status];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
}

/** Rows with this address are drawn dimmed: what has not begun. */
export const TO_COME = vscode.Uri.from({ scheme: "fermata-row", path: "/to-come" });

/** Dims the rows that carry `TO_COME`. */
export function registerDimming(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) =>
      uri.scheme === TO_COME.scheme
        ? { color: new vscode.ThemeColor("disabledForeground") }
        : undefined,
  });
}

const ICONS: Readonly<Record<Status, readonly [icon: string, colour: string]>> = {
  queued: ["circle-outline", "disabledForeground"],
  running: ["loading~spin", "charts.blue"],
  asking: ["question", "charts.yellow"],
  waiting: ["watch", "charts.yellow"],
  paused: ["debug-pause", "debugIcon.pauseForeground"],
  retrying: ["sync", "charts.orange"],
  done: ["pass", "testing.iconPassed"],
  skipped: ["circle-slash", "testing.iconSkipped"],
  rejected: ["thumbsdown", "charts.red"],
  failed: ["error", "testing.iconFailed"],
  cancelled: ["stop-circle", "disabledForeground"],
  interrupted: ["debug-disconnect", "debugIcon.disconnectForeground"],
};

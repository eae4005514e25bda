/**
 * The page of a run view: one script, one font, and a policy that allows nothing else.
 * Owns the policy; styles come as style sheets made by the script, never inline.
 */
import * as vscode from "vscode";
import { pagePolicy } from "./pagePolicy.ts";

/** Where the page's files lie in the package. */
export function pageRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, "dist", "webview");
}

/** What a page is of. */
export type PageOf =
  | { readonly kind: "run"; readonly run: string }
  | { readonly kind: "definition" };

/** The page for a webview. A run's name is in it, so that the page can say at once what it is to come back as. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, of: PageOf): string {
  const file = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageRoot(extension), name));
  const policy = pagePolicy(webview.cspSource);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file("codicon.css")}" id="vscode-codicon-stylesheet">
<link rel="stylesheet" href="${file("page.css")}">
<title>Fermata</title>
</head>
<body>
${elementOf(of)}
<script type="module" src="${file("run.js")}"></script>
</body>
</html>
`;
}

function elementOf(of: PageOf): string {
  switch (of.kind) {
    case "run":
      return `<fermata-run data-run="${of.run.replace(/\W/g, "")}"></fermata-run>`;
    case "definition":
      return "<fermata-definition></fermata-definition>";
  }
}

/** Every text of the editor's own surfaces can be translated, and the bundle holds each of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BUNDLE, bundleText, readTexts, textsOf } from "../../scripts/l10n.ts";

test("no text of the editor's surfaces bypasses the translation", () => {
  assert.deepEqual(readTexts().problems, []);
});

test("the bundle is that of the sources", () => {
  const { texts } = readTexts();
  assert.ok(texts.length > 100);
  assert.equal(
    readFileSync(BUNDLE, "utf8"),
    bundleText(texts),
    "write it anew: node scripts/l10n.ts",
  );
});

test("a bare text is found where the editor shows it, and a computed one where it is translated", () => {
  const found = textsOf({
    path: "a.ts",
    text: [
      'item.tooltip = "Open the run";',
      'tell("info", "Nothing waits");',
      "vscode.l10n.t(name);",
      'vscode.l10n.t("Say {0}", name);',
      'const icon = { label: "debug-stop" };',
    ].join("\n"),
  });
  assert.deepEqual(found.texts, ["Say {0}"]);
  assert.deepEqual(
    found.problems.map((problem) => problem.split(":").slice(0, 2).join(":")).sort(),
    ["a.ts:1", "a.ts:2", "a.ts:3"],
  );
});

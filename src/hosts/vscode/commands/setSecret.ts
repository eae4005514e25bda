/** A secret's value, typed where nobody sees it and kept in the editor's own storage. Owns the names under which it lies. */
import * as vscode from "vscode";
import type { SecretSource } from "../../../app/compose.ts";
import { tell } from "../tell.ts";

type Place = Pick<vscode.ExtensionContext, "secrets">;

/** The editor's storage as the app asks it. */
export function secretSource({ secrets }: Place): SecretSource {
  return {
    get: async (name) => (await secrets.get(keyOf(name))) ?? undefined,
    names: async () => {
      const keys = await secrets.keys();
      return keys.flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []));
    },
  };
}

/** Asks for a name and a value; an empty value forgets the secret. */
export async function setSecret({ secrets }: Place): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t("Set Secret"),
    prompt: vscode.l10n.t("Name, as in secret('NAME')"),
    validateInput: (text) =>
      /^[A-Za-z_]\w*$/.test(text) ? undefined : vscode.l10n.t("Letters, digits and _ only."),
  });
  if (name === undefined) return;
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t("Set Secret {0}", name),
    prompt: vscode.l10n.t("Its value; empty to forget it"),
    password: true,
    ignoreFocusOut: true,
  });
  if (value === undefined) return;
  if (value === "") await secrets.delete(keyOf(name));
  else await secrets.store(keyOf(name), value);
  const said =
    value === "" ? vscode.l10n.t("{0} is forgotten.", name) : vscode.l10n.t("{0} is set.", name);
  void tell("info", said);
}

const PREFIX = "fermata.secret.";

function keyOf(name: string): string {
  return `${PREFIX}${name}`;
}

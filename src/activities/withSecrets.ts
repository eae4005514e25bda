/** Puts the values of secrets into the texts that name them, just before they are used. Owns the words for one that is missing. */
import type { Vault } from "../engine/secrets.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { SecretText } from "../run/request.ts";

/** The texts with their secrets put in, or a failure that names the first one that nobody has set. */
export async function withSecrets(
  texts: Readonly<Record<string, SecretText>>,
  vault: Pick<Vault, "resolve"> | undefined,
): Promise<{ readonly values: Readonly<Record<string, string>> } | Failure> {
  const values: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    const pieces = typeof text === "string" ? [text] : text;
    let value = "";
    for (const piece of pieces) {
      const found = typeof piece === "string" ? piece : await vault?.resolve(piece.secret);
      if (found === undefined && typeof piece !== "string") return secretMissing([piece.secret]);
      value += found ?? "";
    }
    values[name] = value;
  }
  return { values };
}

/** The failure of secrets that nobody has set. */
export function secretMissing(names: readonly string[]): Failure {
  const which =
    names.length === 1
      ? `The secret ${names[0]} is not set.`
      : `These secrets are not set: ${names.join(", ")}.`;
  const message = `${which} Set the environment variable FERMATA_SECRET_${names[0]}, put it into the secrets file that fermata doctor names, or use Fermata: Set Secret in the editor.`;
  return failure("secret_missing", message, { secrets: [...names] });
}

/** Puts the values of secrets into the texts that name them, just before they are used. */
import { secretMissing, type Vault } from "../engine/secrets.ts";
import type { Failure } from "../run/failure.ts";
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

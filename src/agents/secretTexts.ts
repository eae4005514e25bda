/**
 * Secrets in an agent's settings: written `${secret:NAME}`, put in just before they are used, never kept.
 * Owns that notation for agents and the refusal of a secret that is written out.
 */
import { secretMissing, type Vault } from "../engine/secrets.ts";
import type { RunStarted } from "../run/event.ts";
import type { Failure } from "../run/failure.ts";
import { isObject } from "../util/json.ts";

/** How people write a reference, in Markdown. */
export const NOTATION = "`$" + "{secret:NAME}`";

const REFERENCE = /\$\{secret:([A-Za-z_]\w*)\}/g;

/** The texts with their secrets put in, or the failure of those that nobody has set. */
export async function withSecretTexts(
  texts: Readonly<Record<string, string>>,
  secrets: Pick<Vault, "resolve"> | undefined,
): Promise<{ readonly values: Readonly<Record<string, string>> } | Failure> {
  const known = new Map<string, string>();
  const missing: string[] = [];
  for (const name of new Set(Object.values(texts).flatMap(secretsNamed))) {
    const value = await secrets?.resolve(name);
    if (value === undefined) missing.push(name);
    else known.set(name, value);
  }
  if (missing.length > 0) return secretMissing(missing);
  return {
    values: Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [
        key,
        text.replace(REFERENCE, (_, name: string) => known.get(name) ?? ""),
      ]),
    ),
  };
}

/** The names of the secrets that a text names. */
export function secretsNamed(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map(([, name]) => name ?? "");
}

/** The names of the secrets that the chosen agents of a run need, in no particular order. */
export function secretsOfAgents(agents: RunStarted["agents"]): readonly string[] {
  const names = Object.values(agents).flatMap(({ definition }) =>
    isObject(definition)
      ? secretsNamed(JSON.stringify([definition.api_key, definition.headers]))
      : [],
  );
  return [...new Set(names)];
}

/** True for a text that is one reference and nothing else. */
export function isSecretReference(text: string): boolean {
  return /^\$\{secret:[A-Za-z_]\w*\}$/.test(text);
}

/** What this process knows of secrets: asked for by name, remembered so that they are redacted. Keeps them in memory only. */
import type { SecretSource, Vault } from "../secrets.ts";
import { createRedactor } from "./redact.ts";

/** A vault over the place where a person keeps secrets. An empty value counts as none. */
export function createVault(source: SecretSource): Vault {
  // By value: one that was changed stays known, because it may still be printed.
  const known = new Map<string, string>();
  const resolve = async (name: string): Promise<string | undefined> => {
    const value = await source.get(name);
    if (value === undefined || value === "") return undefined;
    if (!known.has(value)) known.set(value, name);
    return value;
  };
  return {
    resolve,
    learn: async (names) => {
      const held = (await source.names?.()) ?? [];
      for (const name of new Set([...held, ...names])) await resolve(name);
    },
    redact: createRedactor(known),
  };
}

/** Which secrets nobody has set: of a workflow that is to start, and of a catalogue that is looked through. */
import type { Vault } from "../../../engine/secrets.ts";
import type { TemplateInfo } from "../../app.ts";

/** Those of the names that have no value, in their order. */
export async function missingSecrets(
  vault: Vault,
  names: readonly string[],
): Promise<readonly string[]> {
  const values = await Promise.all(names.map((name) => vault.resolve(name)));
  return names.filter((_, index) => values[index] === undefined);
}

/** What `doctor` sees of secrets: what is wrong with their file, and the missing ones with the templates that name them. */
export async function secretsSeen(
  source: { readonly place: string; problem(): Promise<string | undefined> },
  vault: Vault,
  templates: readonly TemplateInfo[],
): Promise<{
  readonly secretsProblem: string | undefined;
  readonly secretsPlace: string;
  readonly missingSecrets: ReadonlyMap<string, readonly string[]>;
}> {
  const wanted = new Map<string, string[]>();
  for (const { name, secrets } of templates)
    for (const secret of secrets) wanted.set(secret, [...(wanted.get(secret) ?? []), name]);
  const missing = new Set(await missingSecrets(vault, [...wanted.keys()]));
  return {
    secretsProblem: await source.problem(),
    secretsPlace: source.place,
    missingSecrets: new Map([...wanted].filter(([secret]) => missing.has(secret))),
  };
}

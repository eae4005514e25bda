/**
 * References to secrets: `{{ secret('NAME') }}` in a text that may hold them. They are found in the file's own text,
 * never in what a template gives, so that no data can ask for one. Owns the notation; nobody resolves anything here.
 */
import { isObject, type Json } from "../../util/json.ts";
import { eachStep } from "../definition/eachStep.ts";
import type { Bundle, Step } from "../workflow.ts";

/** A piece of a text: a template as it was written, or the name of a secret. */
export type SecretPart = { readonly text: string } | { readonly secret: string };

const REFERENCE =
  /\{\{-?\s*secret\(\s*(?:"([A-Za-z_]\w*)"|'([A-Za-z_]\w*)'|([A-Za-z_]\w*))\s*\)\s*-?\}\}/g;

/** The pieces of a text, in order; empty pieces are left out. */
export function secretParts(text: string): readonly SecretPart[] {
  const parts: SecretPart[] = [];
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ secret: match[1] ?? match[2] ?? match[3] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The text with every reference blanked out, as long as before. */
export function withoutSecrets(text: string): string {
  return text.replace(REFERENCE, (whole) => "_".repeat(whole.length));
}

/** True when a template calls `secret`, in whatever form. */
export function callsSecret(text: string): boolean {
  return /\{[{%](?:[^}]|\}(?!\}))*\bsecret\s*\(/.test(text);
}

/** The names of the secrets that a run of a bundle may need, in alphabetical order. */
export function secretsIn(bundle: Bundle): readonly string[] {
  const names = new Set<string>();
  for (const workflow of Object.values(bundle.workflows)) {
    const bodies = [workflow, ...Object.values(workflow.tasks)];
    for (const step of bodies.flatMap(({ steps }) => [...eachStep(steps)]))
      for (const text of textsOf(step))
        for (const part of secretParts(text)) if ("secret" in part) names.add(part.secret);
  }
  return [...names].sort();
}

/** The texts of a step that may hold references. */
function textsOf(step: Step): readonly string[] {
  const keys: Readonly<Record<string, unknown>> = { ...step };
  return ["env", "headers"].flatMap((key) => {
    const table = keys[key];
    return isObject(table) ? Object.values(table).filter(isText) : [];
  });
}

function isText(value: Json): value is string {
  return typeof value === "string";
}

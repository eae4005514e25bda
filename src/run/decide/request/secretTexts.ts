/** Texts that may name secrets, as a request carries them: nobody but the performer ever knows their values. */
import { secretParts } from "../../../workflow/read/secret.ts";
import type { SecretText } from "../../request.ts";
import { type Evaluated, type Moment, type Place, render } from "../scope.ts";

/** Texts that may name secrets: what stands between the names is rendered, the names go to the performer. */
export function renderSecrets(
  moment: Moment,
  place: Place,
  table: Readonly<Record<string, string>>,
): Evaluated<Record<string, SecretText>> {
  const rendered: Record<string, SecretText> = {};
  for (const [name, source] of Object.entries(table)) {
    const pieces: (string | { readonly secret: string })[] = [];
    for (const part of secretParts(source)) {
      if ("secret" in part) pieces.push(part);
      else {
        const text = render(moment, place, part.text);
        if (!text.ok) return text;
        pieces.push(typeof text.value === "string" ? text.value : JSON.stringify(text.value));
      }
    }
    rendered[name] = pieces.every((piece) => typeof piece === "string") ? pieces.join("") : pieces;
  }
  return { ok: true, value: rendered };
}

/** Asks for a form's fields, one quick input after another, with a way back. Closing one decides nothing. */
import type { Json } from "../../../util/json.ts";
import type { FormView } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import { askValue } from "./askValue.ts";
import { askInTurn } from "./inTurn.ts";
import type { Surround } from "./quickInput.ts";
import type { Writings } from "./writeInEditor.ts";

/** The fields as one answer; undefined: not now. `surround` is what every field shows of the whole question. */
export async function askForm(
  { fields }: FormView,
  surround: Surround,
  writings: Writings,
): Promise<Json | undefined> {
  const given = new Map<string, Json>();
  const turn = await askInTurn<Json>(fields.length, async (index) => {
    const asked = fields[index];
    if (!asked) return { type: "rest" };
    const { name, label, field } = asked;
    const said = await askValue(writings, field, given.get(name), {
      ...surround,
      title: `${surround.title}: ${printableLine(label)}`,
      prompt: [surround.prompt ?? "", printableLine(field.description ?? "")]
        .filter((part) => part !== "")
        .join(" "),
      step: index + 1,
      totalSteps: fields.length,
      canGoBack: index > 0,
    });
    if (said.type === "said") given.set(name, said.value);
    return said.type === "button" ? { type: "closed" } : said;
  });
  return turn.type === "all" ? Object.fromEntries(given) : undefined;
}

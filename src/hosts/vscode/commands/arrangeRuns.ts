/** Which runs are shown, and under which headings: asked natively. Owns the words; the tree does the rest. */
import * as vscode from "vscode";
import { parseQuery, QUERY_FIELDS } from "../../../run/history/query.ts";
import { askPick, askText } from "../ask/quickInput.ts";
import type { Arrangement } from "../tree/arrangement.ts";
import type { Grouping } from "../tree/runGroups.ts";

/** Asks for a filter; an empty one shows everything. */
export async function filterRuns(arrangement: Arrangement): Promise<void> {
  const fields = QUERY_FIELDS.slice(0, 4).map(([field]) => field);
  const said = await askText({
    title: vscode.l10n.t("Filter Runs"),
    prompt: vscode.l10n.t("Words, or {0}. Empty shows every run.", fields.join(", ")),
    text: arrangement.filter,
    placeholder: 'status:failed since:7d "rate limit"',
    validate: (text) => {
      const parsed = parseQuery(text, Date.now());
      return parsed.ok ? undefined : parsed.message;
    },
  });
  if (said.type === "said") await arrangement.setFilter(said.value);
}

/** Asks for the headings. */
export async function groupRuns(arrangement: Arrangement): Promise<void> {
  const said = await askPick<Grouping>({
    title: vscode.l10n.t("Group Runs"),
    placeholder: vscode.l10n.t("Under which headings?"),
    items: groupings().map(([value, label]) => ({
      value,
      label,
      ...(value === arrangement.grouping ? { description: vscode.l10n.t("now") } : {}),
    })),
  });
  if (said.type === "said") arrangement.setGrouping(said.value);
}

function groupings(): readonly (readonly [Grouping, string])[] {
  return [
    ["none", vscode.l10n.t("No headings, latest first")],
    ["workflow", vscode.l10n.t("By workflow")],
    ["status", vscode.l10n.t("By state")],
    ["day", vscode.l10n.t("By day")],
  ];
}

/**
 * The editor's input box and pick as promises that say how they ended: said, back, closed, or by a button.
 * Owns nothing but that; closing one decides nothing.
 */
import * as vscode from "vscode";
import { unlinked, withoutIcons } from "../plainText.ts";

export type Said<T> =
  /** `pressed`: the tooltip of the item's own button, where that was pressed instead of the item. */
  | { readonly type: "said"; readonly value: T; readonly pressed?: string }
  | { readonly type: "back" }
  | { readonly type: "closed" }
  /** `text` is what stood in the box. */
  | { readonly type: "button"; readonly id: string; readonly text: string };

export interface Button {
  readonly id: string;
  readonly icon: string;
  readonly tooltip: string;
}

/** What every question shows around itself. */
export interface Surround {
  readonly title: string;
  /** The whole question, under the box. */
  readonly prompt?: string;
  readonly placeholder?: string;
  /** From 1. */
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  readonly buttons?: readonly Button[];
  /** Closes the question when it is no longer asked. */
  readonly signal?: AbortSignal;
}

export interface TextQuestion extends Surround {
  readonly text: string;
  /** What is wrong with a text; undefined when it is fine. */
  readonly validate: (text: string) => string | undefined;
}

export interface PickQuestion<T> extends Surround {
  readonly items: readonly PickItem<T>[];
  /** The item to stand on; where it names none, Enter alone answers nothing. Absent: the first. */
  readonly active?: (item: PickItem<T>) => boolean;
}

export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Asks for a text; a wrong one is not taken, and the box says why. */
export function askText(question: TextQuestion): Promise<Said<string>> {
  const box = vscode.window.createInputBox();
  surround(box, question);
  box.value = question.text;
  box.prompt = question.prompt && unlinked(question.prompt);
  box.placeholder = question.placeholder;
  let refused = false;
  const judge = (): boolean => {
    const problem = question.validate(box.value);
    box.validationMessage = problem && unlinked(problem);
    return problem === undefined;
  };
  return ended(
    box,
    question,
    () => box.value,
    [
      // Nobody wants to be told before they have typed.
      box.onDidChangeValue(() => refused && judge()),
    ],
    (end) =>
      box.onDidAccept(() => {
        refused = true;
        if (judge()) end({ type: "said", value: box.value });
      }),
  );
}

/** Asks to pick one of several. */
export function askPick<T>(question: PickQuestion<T>): Promise<Said<T>> {
  const pick = vscode.window.createQuickPick<PickItem<T>>();
  surround(pick, question);
  const items = question.items.map(plainItem);
  pick.items = items;
  pick.prompt = question.prompt && unlinked(question.prompt);
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  // Where nothing is preset no item is active: Enter alone must not answer for a person.
  const active = question.active && items.filter(question.active).slice(0, 1);
  if (active) pick.activeItems = active;
  pick.placeholder = active?.length === 0 ? withKeys(question.placeholder) : question.placeholder;
  return ended<T>(
    pick,
    question,
    () => pick.value,
    [],
    (end) =>
      vscode.Disposable.from(
        pick.onDidAccept(() => {
          const [chosen] = pick.selectedItems;
          if (chosen) end({ type: "said", value: chosen.value });
        }),
        pick.onDidTriggerItemButton(({ item, button }) =>
          end({ type: "said", value: item.value, pressed: button.tooltip ?? "" }),
        ),
      ),
  );
}

/** Asks to pick any number of several, those that are `picked` beforehand ticked; undefined: not now. */
export async function askMany<T>(
  question: Pick<PickQuestion<T>, "title" | "placeholder" | "items">,
): Promise<readonly T[] | undefined> {
  const { title, placeholder, items } = question;
  const chosen = await vscode.window.showQuickPick(items.map(plainItem), {
    title,
    canPickMany: true,
    ignoreFocusOut: true,
    ...(placeholder === undefined ? {} : { placeHolder: placeholder }),
  });
  return chosen?.map(({ value }) => value);
}

/** How to answer by keyboard where no item is active: nobody should press Enter and wonder. A box may cut what follows. */
function withKeys(placeholder: string | undefined): string {
  const keys = vscode.l10n.t("Choose with the arrow keys, then press Enter.");
  return [keys, placeholder ?? ""].filter((part) => part !== "").join(" ");
}

/** An item whose words are only words. */
function plainItem<T>(item: PickItem<T>): PickItem<T> {
  const { label, description, detail } = item;
  return {
    ...item,
    label: withoutIcons(label),
    ...(description === undefined ? {} : { description: withoutIcons(description) }),
    ...(detail === undefined ? {} : { detail: withoutIcons(detail) }),
  };
}

type Box = vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>;

function surround(box: vscode.QuickInput, { title, step, totalSteps }: Surround): void {
  box.title = title;
  box.step = step;
  box.totalSteps = totalSteps;
  box.ignoreFocusOut = true;
}

function ended<T>(
  box: Pick<Box, "buttons" | "onDidTriggerButton" | "onDidHide" | "show" | "dispose">,
  { canGoBack, buttons = [], signal }: Surround,
  text: () => string,
  parts: readonly vscode.Disposable[],
  accept: (end: (said: Said<T>) => void) => vscode.Disposable,
): Promise<Said<T>> {
  const ids = new Map<vscode.QuickInputButton, string>();
  for (const { id, icon, tooltip } of buttons)
    ids.set({ iconPath: new vscode.ThemeIcon(icon), tooltip }, id);
  box.buttons = [...(canGoBack ? [vscode.QuickInputButtons.Back] : []), ...ids.keys()];
  return new Promise((resolve) => {
    const close = (): void => end({ type: "closed" });
    const end = (said: Said<T>): void => {
      signal?.removeEventListener("abort", close);
      resolve(said);
      vscode.Disposable.from(...parts, ...listening).dispose();
      box.dispose();
    };
    const listening = [
      accept(end),
      box.onDidHide(close),
      box.onDidTriggerButton((button) => {
        const id = ids.get(button);
        end(id === undefined ? { type: "back" } : { type: "button", id, text: text() });
      }),
    ];
    if (signal?.aborted) return close();
    signal?.addEventListener("abort", close, { once: true });
    box.show();
  });
}

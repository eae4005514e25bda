/**
 * A prompt for text of any number of lines: Enter sends, Alt+Enter or a `\` at the end begins a new line.
 * Owns that meaning of the keys and its picture; the editing is editText's, the drawing in place the library's.
 */
import type { Readable } from "node:stream";
import { styleText } from "node:util";
import { Prompt } from "@clack/core";
import { S_BAR, S_BAR_END, symbol } from "@clack/prompts";
import { type EditedText, editText, insertText } from "./editText.ts";

export interface TextQuestion {
  readonly title: string;
  readonly initial?: string;
  /** Why a text is refused; undefined when it is fine. */
  readonly validate: (text: string) => string | undefined;
  readonly input: Readable;
  readonly signal: AbortSignal;
}

/** The text, or undefined when the person closed the prompt. */
export async function askText(question: TextQuestion): Promise<string | undefined> {
  const answer = await new TextPrompt(question).prompt();
  return typeof answer === "string" ? answer : undefined;
}

const HINT = "Enter sends · Alt+Enter for a new line · Esc for later";

class TextPrompt extends Prompt<string> {
  private edited: EditedText;

  constructor({ title, initial = "", validate, input, signal }: TextQuestion) {
    super(
      {
        input,
        signal,
        initialValue: initial,
        validate: (text) => validate(text ?? ""),
        render: () => this.picture(title),
      },
      false,
    );
    this.edited = { text: initial, cursor: initial.length };
    this.on("key", (char, key) => this.take(editText(this.edited, char, key)));
  }

  protected override _shouldSubmit(): boolean {
    const { text, cursor } = this.edited;
    if (!text.slice(0, cursor).endsWith("\\")) return true;
    const without = { text: text.slice(0, cursor - 1) + text.slice(cursor), cursor: cursor - 1 };
    this.take(insertText(without, "\n"));
    return false;
  }

  private take(edited: EditedText): void {
    this.edited = edited;
    this._setValue(edited.text);
  }

  private picture(title: string): string {
    const over = this.state === "submit" || this.state === "cancel";
    const { text } = this.edited;
    const lines = (over ? styleLines(text) : withCursor(this.edited)).map(
      (line) => `${styleText("gray", S_BAR)}  ${line}`,
    );
    const hint = this.state === "error" ? styleText("yellow", this.error) : styleText("dim", HINT);
    const end = over ? [] : [`${styleText("gray", S_BAR_END)}  ${hint}`];
    return [`${symbol(this.state)}  ${title}`, ...lines, ...end].join("\n");
  }
}

function styleLines(text: string): readonly string[] {
  return text.split("\n").map((line) => styleText("dim", line));
}

function withCursor({ text, cursor }: EditedText): readonly string[] {
  const rest = text.slice(cursor);
  const [next] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(rest);
  const under = next === undefined || next.segment === "\n" ? " " : next.segment;
  const tail = rest.slice(under === next?.segment ? under.length : 0);
  return `${text.slice(0, cursor)}${styleText("inverse", under)}${tail}`.split("\n");
}

/**
 * Makes text fit a number of tokens, for prompts that quote long findings: what names and decides stays, what says least goes.
 * Owns what that costs an evaluation.
 */
import { extract, LOOKED_AT } from "../../util/extract.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { findAll } from "./characters.ts";

/** Work for a character and for a line, as measured. */
const CHARACTER = 2;
const LINE = 20;

/** A text of at most so many tokens; one that fits stays as it is. */
export function compressText(rt: Runtime, text: string, tokens: number): string {
  if (tokens <= 0) throw new Fault("value", "`tokens` must be more than zero.").of("tokens");
  rt.text(text.length);
  if (text.length <= tokens * 4) return text;
  const lines = findAll(rt, text.slice(0, LOOKED_AT), "\n", -1).length;
  rt.work(LINE * lines + CHARACTER * Math.min(text.length, LOOKED_AT));
  return extract(text, tokens).text;
}

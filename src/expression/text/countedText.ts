/**
 * Text that charges for every look at it, because the regular expression engine does not say how far it read: each
 * search is linear, but all matches of a text may take the square of its length.
 * Owns the price of a look; the engine sees a string object like any other.
 */
import type { Runtime } from "../runtime.ts";

export class CountedText extends String {
  readonly #rt: Runtime;
  readonly #text: string;
  readonly #price: number;

  /** `price` is what reading one character costs, in units of work. */
  constructor(rt: Runtime, text: string, price: number) {
    super(text);
    this.#rt = rt;
    this.#text = text;
    this.#price = price;
  }

  override charCodeAt(index: number): number {
    this.#rt.work(this.#price);
    return this.#text.charCodeAt(index);
  }

  override indexOf(part: string, from = 0): number {
    const found = this.#text.indexOf(part, from);
    this.#rt.scan((found < 0 ? this.#text.length : found) - from);
    return found;
  }

  override substring(start: number, end?: number): string {
    return this.#text.substring(start, end);
  }
}

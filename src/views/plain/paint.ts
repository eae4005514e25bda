/** Colours of a terminal, or none. Owns the codes; knows what a style means, not what it is used for. */

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Puts a text in a style; without colour it gives the text back. */
export type Paint = (style: Style, text: string) => string;

/** The painter for a surface that shows colours, or for one that does not. */
export function createPaint(colour: boolean): Paint {
  if (!colour) return (_, text) => text;
  return (style, text) => {
    const [on, off] = CODES[style];
    return text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/**
 * What a terminal sends, as prompts want it: one meaning of Enter, pastes that cannot press it.
 * A small machine over chunks of text; knows no stream.
 */

const PASTE_BEGIN = "\u001b[200~";
const PASTE_END = "\u001b[201~";

/**
 * Reads chunk after chunk. In a `text` prompt a paste goes in whole, with `\n` for its line ends, and Alt+Enter is such
 * an `\n` too; in a `keys` prompt a paste is dropped. Outside of pastes `\n` and `\r\n` are Enter, `\r`.
 */
export function createKeyReader(reads: "text" | "keys"): (chunk: string) => string {
  let pasting = false;
  let held = "";
  return (chunk) => {
    let rest = held + chunk;
    held = "";
    let passed = "";
    while (rest !== "") {
      const mark = pasting ? PASTE_END : PASTE_BEGIN;
      const at = rest.indexOf(mark);
      const part = at < 0 ? rest.slice(0, rest.length - splitMark(rest, mark)) : rest.slice(0, at);
      passed += pasting ? pasted(part, reads) : typed(part, reads);
      if (at < 0) {
        held = rest.slice(part.length);
        break;
      }
      pasting = !pasting;
      rest = rest.slice(at + mark.length);
    }
    return passed;
  };
}

/** Length of a mark's beginning at the end of a chunk. Escape alone is a key, and waits for nothing. */
function splitMark(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 1; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}

function pasted(part: string, reads: "text" | "keys"): string {
  return reads === "keys" ? "" : lineFeeds(part).replaceAll("\u001b", "").replaceAll("\t", "  ");
}

function typed(part: string, reads: "text" | "keys"): string {
  const pieces = reads === "text" ? part.split(/\u001b[\r\n]/) : [part];
  return pieces.map((piece) => lineFeeds(piece).replaceAll("\n", "\r")).join("\n");
}

function lineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** Base64 (RFC 4648) of UTF-8 text, both alphabets accepted when reading. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { Fault } from "../error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(text: string): string {
  const bytes = utf8ToBytes(text.toWellFormed());
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const count = Math.min(3, bytes.length - at) + 1;
    const digits = [bits >> 18, bits >> 12, bits >> 6, bits].slice(0, count);
    parts.push(
      digits
        .map((digit) => ALPHABET.charAt(digit & 63))
        .join("")
        .padEnd(4, "="),
    );
  }
  return parts.join("");
}

export function decodeBase64(text: string): string {
  const digits = text
    .replace(/\s+/g, "")
    .replace(/=+$/, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  const bytes: string[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of digits) {
    const worth = ALPHABET.indexOf(digit);
    if (worth < 0) throw new Fault("value", `\`${digit}\` is not a digit of Base64.`);
    bits = ((bits << 6) | worth) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push(`%${((bits >> held) & 255).toString(16).padStart(2, "0")}`);
  }
  try {
    return decodeURIComponent(bytes.join(""));
  } catch {
    throw new Fault("value", "The Base64 does not hold text (UTF-8).");
  }
}

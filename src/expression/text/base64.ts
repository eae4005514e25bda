/** Base64 (RFC 4648) of UTF-8 text, both alphabets accepted when reading. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { Fault } from "../error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(text: string): string {
  const bytes = utf8ToBytes(text.toWellFormed());
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    encoded += digit(bits >> 18) + digit(bits >> 12);
    encoded += at + 1 < bytes.length ? digit(bits >> 6) : "=";
    encoded += at + 2 < bytes.length ? digit(bits) : "=";
  }
  return encoded;
}

function digit(bits: number): string {
  return ALPHABET.charAt(bits & 63);
}

export function decodeBase64(text: string): string {
  const digits = text.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes: string[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of digits) {
    if (letter === "=") break;
    const worth = ALPHABET.indexOf(letter);
    if (worth < 0) throw new Fault("value", `\`${letter}\` is not a digit of Base64.`);
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

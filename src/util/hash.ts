/** SHA-256 as text, in pure JavaScript, so that every layer names the same text by the same hash. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** SHA-256 of the UTF-8 bytes of a text, 64 lower-case hex digits. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The first 16 hex digits of `hashText`: what people compare, type and pass on a command line. */
export function shortHash(text: string): string {
  return hashText(text).slice(0, 16);
}

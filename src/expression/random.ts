/**
 * The only source of chance in a run: a generator that says the same for the same task and attempt.
 * Owns the generator and the shape of a UUID; knows nothing of who asks.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * Numbers in [0, 1) with 53 random bits, fixed by the run's recorded seed, the task's path and the attempt (from 1).
 * The state is the SHA-256 of the three, the step Blackman and Vigna's xoshiro128**.
 */
export function seededRandom(seed: string, path: string, attempt: number): () => number {
  const digest = sha256(utf8ToBytes(JSON.stringify([seed, path, attempt])));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  let [a, b, c, d] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** A version 4 UUID (RFC 9562) whose bits come from `random`. */
export function randomUuid(random: () => number): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const cuts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${cuts.join("-")}-${hex.slice(20)}`;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

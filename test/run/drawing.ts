/** Seeded chance for generated tests. */

/** Draws from 0 to n - 1. */
export type Draw = (n: number) => number;

/** A small seeded generator (mulberry32), so that a failure replays from its printed seed. */
export function drawing(seed: number): Draw {
  let a = seed >>> 0;
  return (n) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

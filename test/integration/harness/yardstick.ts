/**
 * A measure for processor time that is as slow as the machine: limits in yardsticks hold on any, also on one whose cores
 * are shared. It is what a well-known parser takes for a text that never changes.
 */
import { parseDocument } from "yaml";
import { median, threadTime } from "../../../bench/measure.ts";

const ROUNDS = 31;
const TEXT = Array.from(
  { length: 400 },
  (_, n) => `- { id: step${n}, type: wait, duration: ${n}s, when: "{{ state.n > ${n} }}" }\n`,
).join("");

/** Milliseconds of this thread's processor time for one yardstick: the middle of 31. */
export function yardstick(): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = threadTime();
    parseDocument(TEXT);
    return threadTime() - before;
  });
  return median(times);
}

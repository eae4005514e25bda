/**
 * Long work in slices, so that whoever shares the thread has a turn in between.
 * Owns when a slice is over; knows no clock and no event loop: both come in.
 */

/** Work goes on for this long before others have a turn, in ms. */
const SLICE = 8;

export interface SlicePorts {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Resolves once everything else that is due has had its turn. */
  readonly turn: () => Promise<void>;
}

/**
 * To be awaited between two pieces of work: goes on at once while the slice lasts, otherwise after the others' turn.
 * Waiting for what is there already gives nobody a turn, so work that only does that holds everyone up.
 */
export function createSlices({ now, turn }: SlicePorts): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since < SLICE) return;
    await turn();
    since = now();
  };
}

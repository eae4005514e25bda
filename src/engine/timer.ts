/** The port of waiting: told how long, it calls back once. Knows no time of day, and nothing that waits. */
export interface Timer {
  /**
   * Calls `ring` once, `ms` from now, never within the call; the returned function takes it back. `background`: keeps
   * no process alive.
   */
  after(ms: number, ring: () => void, background?: boolean): () => void;
  /** Resolves once everything that is due at this moment has called back. Absent: nothing is ever due together. */
  turn?(): Promise<void>;
}

/** The port of the places that agents work in: so many in one process, whatever run they belong to. */

export interface AgentPool {
  /** Asks for a place for an attempt of a run. */
  enter(run: string): AgentPlace;
  /**
   * Takes a place for an attempt that runs already, whether one is free or not: until as many have left as are too many,
   * nobody is let in. Call what comes back to leave; a second call does nothing.
   */
  occupy(): () => void;
}

export interface AgentPlace {
  /** It is free at once. */
  readonly free: boolean;
  /** Resolves when it is; never once it was left. */
  readonly ready: Promise<void>;
  /** Gives the place, or the wait for it, up; a second call does nothing. */
  leave(): void;
}

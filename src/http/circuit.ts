/**
 * A circuit breaker for whoever is called over the net: after so many failures in a row nothing is asked for a while, then
 * one call is let through to see. Owns that memory, in one process; never waits, never retries, makes no call.
 */

export interface CircuitOptions {
  /** Failures in a row that open it; 5. */
  readonly failures?: number;
  /** How long it stays open, in ms; 30 s. */
  readonly rest?: number;
  /** A clock that only goes forward, in ms. */
  readonly now: () => number;
}

export type CircuitState = "closed" | "open" | "half_open";

export type Passage =
  /** The call may be made. `end` is told once what it came to; `undefined`: it says nothing of the other side. */
  | { readonly open: true; readonly end: (well: boolean | undefined) => void }
  | { readonly open: false; readonly retryAfter: number };

export interface Circuits {
  enter(key: string): Passage;
  stateOf(key: string): CircuitState;
}

interface Line {
  failures: number;
  /** When it opened; absent while it is closed. */
  since?: number;
  /** A call is out to see. */
  probing: boolean;
}

/** One breaker for each key. */
export function createCircuits({ failures = 5, rest = 30_000, now }: CircuitOptions): Circuits {
  const lines = new Map<string, Line>();
  const left = ({ since }: Line): number => (since === undefined ? 0 : since + rest - now());

  function end(line: Line, probe: boolean, well: boolean | undefined): void {
    if (probe) line.probing = false;
    if (well === undefined) return;
    if (well) {
      line.failures = 0;
      delete line.since;
      return;
    }
    line.failures += 1;
    if (probe || line.failures >= failures) line.since = now();
  }

  return {
    enter: (key) => {
      const line = lines.get(key) ?? { failures: 0, probing: false };
      lines.set(key, line);
      const probe = line.since !== undefined;
      if (probe && (left(line) > 0 || line.probing))
        return { open: false, retryAfter: Math.max(left(line), 0) };
      line.probing = probe;
      let ended = false;
      return {
        open: true,
        end: (well) => {
          if (!ended) end(line, probe, well);
          ended = true;
        },
      };
    },
    stateOf: (key) => {
      const line = lines.get(key);
      if (line?.since === undefined) return "closed";
      return left(line) > 0 ? "open" : "half_open";
    },
  };
}

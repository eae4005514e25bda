/** What every list says of a run: what it is about, how it stands, what it cost. */
import type { Doing } from "../doing.ts";
import type { Failure } from "../failure.ts";
import type { RunStatus } from "../state.ts";

/** Times in ms since the epoch. */
export interface RunLine {
  readonly run: string;
  readonly workflow: string;
  /** The first text input, cut to a line: what the run is about. */
  readonly subject: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly updated_at: number;
  readonly ended_at?: number;
  /** Open breakpoints. */
  readonly waiting: number;
  /** What it is at while it goes on. */
  readonly doing: Doing;
  readonly tokens: number;
  readonly cost_usd: number;
  /** Tokens whose price nobody knows; absent: there are none. */
  readonly unpriced?: number;
  readonly failure?: Pick<Failure, "code" | "message">;
}

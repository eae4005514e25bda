/** What shows a run while it goes on: the live picture, plain lines, or events for a program. One shape for all three. */
import type { RunChange, RunWatch } from "../../../app/app.ts";

export interface RunView {
  /** Shows the run as it stands; from now on it is told of every change. */
  start(watch: RunWatch): Promise<void>;
  change(change: RunChange): void;
  /** A line for the person that belongs to no task. */
  note(text: string): void;
  /** Leaves the screen to a prompt; changes go on being counted. */
  pause(): void;
  resume(): void;
  /** The last picture. Nothing is shown after it. */
  stop(): void;
}

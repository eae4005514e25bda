/** What a command came to, as the gate activity reports it. Owns the shape only. */
export interface CommandOutcome {
  readonly exit_code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Its time in seconds, when that was up before it ended. */
  readonly timed_out?: number;
  /** It never began: its program is not there. */
  readonly missing?: boolean;
}

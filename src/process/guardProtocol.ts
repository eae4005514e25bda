/**
 * What host and guard tell each other: one JSON object a line over the guard's fourth file descriptor.
 * Owns the messages and the framing; the end of the stream is a message too: the other side is dead.
 */

/** First thing the guard says is `ready`: its record is durable. Only then the host sends `start`. */
export type ToGuard =
  | {
      readonly type: "start";
      readonly command: readonly string[];
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      /** Windows: the arguments are one finished command line. */
      readonly verbatim: boolean;
      /** Named pipes for stdout and stderr; absent: the guard's own. */
      readonly outputs?: readonly [string, string];
      /** Milliseconds in which it may end by itself once the host, and so its input, is gone. */
      readonly lingerMs?: number;
    }
  | { readonly type: "stop"; readonly graceMs: number };

export type FromGuard =
  /** `start`: the guard's own start time, absent where the system does not tell. */
  | { readonly type: "ready"; readonly start?: number }
  | { readonly type: "started"; readonly pid: number; readonly start?: number }
  /** Nothing was started. `code` is the system's (ENOENT) or `RECORD`: the guard record could not be written. */
  | { readonly type: "refused"; readonly code: string; readonly message: string }
  /** The command itself ended; others of its tree may live. */
  | {
      readonly type: "exited";
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      /** Milliseconds that it ran. */
      readonly ms: number;
    }
  /** Last message: nothing of the tree is left, or that could not be proven. */
  | { readonly type: "done"; readonly proven: boolean };

/** The variable by which a command's descendants are known; a nested guard adds its marker to the list. */
export const MARKER_VARIABLE = "FERMATA_TASK";
export const MARKER_SEPARATOR = ".";

/** Where the guard finds the control pipe. */
export const CONTROL_FD = 3;

/** One message as a line. */
export function encodeMessage(message: ToGuard | FromGuard): string {
  return `${JSON.stringify(message)}\n`;
}

/** Takes text as it arrives and hands on each whole message. Both ends are ours, so the type is asserted here. */
export function createDecoder<M extends ToGuard | FromGuard>(
  receive: (message: M) => void,
): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) receive(JSON.parse(line) as M);
  };
}

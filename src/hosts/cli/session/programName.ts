/** How this program was called here, so that every hint can be copied and run as it stands. */
import { describeCommand } from "../../../util/shellQuote.ts";

export interface CallWords {
  /** `["fermata"]`, or `["npm", "run", "-s", "fermata", "--"]` from a checkout. */
  readonly program: readonly string[];
  /** What every command here needs to reach the same folder. */
  readonly options: readonly string[];
  /** True when trust was given for this command only: commands that drive a run need it again. */
  readonly trusting: boolean;
}

/** Commands that make something run. */
const DRIVES = ["run", "resume", "retry", "guide", "fork", "gate"] as const;
const DRIVING: ReadonlySet<string> = new Set(DRIVES);

/** A command that a trusted folder is needed for. */
export type DrivingVerb = (typeof DRIVES)[number];

/** The words for calls from here. `workspace` is undefined when it is the current folder. */
export function callWords(
  env: NodeJS.ProcessEnv,
  given: { readonly workspace?: string; readonly trust?: boolean },
): CallWords {
  const fromNpm = env.FERMATA_FROM_NPM === "1";
  return {
    program: fromNpm ? ["npm", "run", "-s", "fermata", "--"] : ["fermata"],
    options: given.workspace === undefined ? [] : ["--workspace", given.workspace],
    trusting: given.trust === true,
  };
}

/** A command line to type: `commandLine(call, "resume", run)`. */
export function commandLine(call: CallWords, verb: string, ...words: readonly string[]): string {
  const trust = call.trusting && DRIVING.has(verb) ? ["--trust"] : [];
  return describeCommand([...call.program, verb, ...words, ...call.options, ...trust]);
}

/**
 * What an agent's output says while it works: progress, errors, rate limits, commands and how they ended, silence.
 * Reads lines and times; knows no agent and no clock.
 */
import type { OutputLine } from "../../engine/activity.ts";
import type { CommandSeen } from "../../run/supervise/evidence.ts";

export type Sign =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "rate_limit"; readonly text: string; readonly retry_after_s: number | null };

export interface Monitored {
  readonly lines: number;
  readonly errors: readonly string[];
  readonly rate_limits: number;
  /** Silences longer than `STALL`, in ms, in order. */
  readonly stalls: readonly number[];
  /** Commands in order, with how they ended where that was said. */
  readonly commands: readonly CommandSeen[];
}

export interface OutputMonitor {
  /** Reads one line that came at this time (ms); answers what it is a sign of. */
  see(line: OutputLine, at: number): Sign | undefined;
  /** Nobody listened until this time: that it was silent meanwhile is not known. */
  resume(at: number): void;
  report(at: number): Monitored;
}

/** Ms without a word that count as a stall. */
export const STALL = 60_000;

const MOST_ERRORS = 20;
const MOST_COMMANDS = 100;
const SHOWN = 2_000;

const RATE_LIMIT =
  /\brate.?limit|\btoo many requests\b|\b429\b|\bquota exceeded\b|\boverloaded\b|\busage limit\b/i;
const ERROR =
  /^\s*(?:error|fatal|exception|panic|traceback)\b|\b(?:[A-Z]\w*Error|[A-Z]\w*Exception):|\bcommand not found\b|\bpermission denied\b|\bno such file or directory\b/i;
const PROGRESS =
  /^(?:\s*(?:\[\s*)?\d{1,3}\s?%|.*\b(?:step|task|file|test)s? \d+ (?:of|\/) \d+|\s*(?:reading|writing|editing|creating|running|searching|installing|building|testing|updating|fixing)\b)/i;
const COMMAND =
  /^\s*(?:(?:Bash|shell|execute|exec|run|terminal|command)\b|\$)[:(\s]+(.+?)\)?\s*$/is;
const EXIT = /\bexit(?:ed)?(?:[ _]?(?:code|status))?(?: with)?(?: code| status)?[ :=]+(-?\d+)/i;

/** A monitor of one attempt, begun at this time (ms). */
export function createOutputMonitor(startedAt: number): OutputMonitor {
  const errors: string[] = [];
  const stalls: number[] = [];
  const commands: CommandSeen[] = [];
  let lines = 0;
  let limits = 0;
  let last = startedAt;

  const heard = (at: number): void => {
    if (at - last >= STALL) stalls.push(at - last);
    last = at;
  };

  return {
    see: (line, at) => {
      heard(at);
      lines += 1;
      const text = line.text.slice(0, SHOWN);
      if (line.kind === "tool_call") begun(commands, text);
      if (line.kind === "tool_result" || line.kind === "stdout") ended(commands, text);
      const sign = signOf({ ...line, text });
      if (sign?.kind === "error" && errors.length < MOST_ERRORS) errors.push(sign.text);
      if (sign?.kind === "rate_limit") limits += 1;
      return sign;
    },
    resume: (at) => {
      last = at;
    },
    report: (at) => {
      const silent = at - last >= STALL ? [at - last] : [];
      return { lines, errors, rate_limits: limits, stalls: [...stalls, ...silent], commands };
    },
  };
}

function signOf({ kind, text }: OutputLine): Sign | undefined {
  const line = text.split("\n")[0]?.trim() ?? "";
  if (kind !== "thought" && RATE_LIMIT.test(text)) {
    const wait = /(?:retry|try again|wait)\D{0,20}(\d+)\s*(s|sec|m|min)?/i.exec(text);
    const factor = wait?.[2]?.startsWith("m") ? 60 : 1;
    return {
      kind: "rate_limit",
      text: line,
      retry_after_s: wait ? Number(wait[1]) * factor : null,
    };
  }
  if (kind !== "thought" && ERROR.test(text)) return { kind: "error", text: line };
  return PROGRESS.test(line) ? { kind: "progress", text: line } : undefined;
}

function begun(commands: CommandSeen[], text: string): void {
  const command = COMMAND.exec(text)?.[1]?.trim();
  if (command === undefined || commands.length >= MOST_COMMANDS) return;
  commands.push({ command: unquoted(command), exit_code: null, output: "" });
}

/** The result of the last command that has none: an exit code where it says one. */
function ended(commands: CommandSeen[], text: string): void {
  const last = commands.at(-1);
  if (!last || last.exit_code !== null) return;
  const code = EXIT.exec(text)?.[1];
  const output = `${last.output}${last.output === "" ? "" : "\n"}${text}`.slice(-SHOWN);
  commands[commands.length - 1] = {
    ...last,
    output,
    exit_code: code === undefined ? null : Number(code),
  };
}

/** The command inside an input that is JSON, as many agents show it. */
function unquoted(command: string): string {
  try {
    const read: unknown = JSON.parse(command);
    if (typeof read === "object" && read !== null && "command" in read) return String(read.command);
  } catch {
    // It is the command itself.
  }
  return command;
}

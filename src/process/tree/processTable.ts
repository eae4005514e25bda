/**
 * Reads the operating system's table of processes: who is whose child, since when, and who carries a marker.
 * Owns /proc and `ps`; must not know guards, records or commands. Synchronous, because the guard has nothing else
 * to do and a snapshot should be of one moment. Nothing but Node in here: the guard starts with it.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Grows with time; equal for one process at every look. Ticks since boot on Linux, seconds elsewhere. */
  readonly start: number;
}

export interface ProcessTable {
  /** Every living process; a zombie is not living. Throws when the system does not answer. */
  list(): readonly ProcessEntry[];
  /** The living ones among `candidates` whose environment holds `marker`. Unreadable environments do not. */
  carriers(candidates: readonly ProcessEntry[], marker: string): readonly ProcessEntry[];
  /** The living process of this number. */
  find(pid: number): ProcessEntry | undefined;
}

/** The table of this machine, or undefined where there is none that we can read (Windows). */
export function createProcessTable(platform: string = process.platform): ProcessTable | undefined {
  if (platform === "win32") return undefined;
  return platform === "linux" ? procTable() : psTable();
}

/** The span in which a process number and its start time mean one process. */
export interface Epoch {
  /** Changes with every start of the machine. */
  readonly boot: string;
  /** Changes where other numbers are seen: a container has its own. */
  readonly space: string;
}

/** The epoch we live in, or undefined where the system does not tell. */
export function readEpoch(platform: string = process.platform): Epoch | undefined {
  try {
    if (platform === "linux") {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      return { boot, space: readlinkSync("/proc/self/ns/pid") };
    }
    const boot = platform === "darwin" ? ask("sysctl", ["-n", "kern.bootsessionuuid"]).trim() : "";
    return boot === "" ? undefined : { boot, space: "" };
  } catch {
    return undefined;
  }
}

function procTable(): ProcessTable {
  return {
    list: () =>
      readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readStat(name) ?? []) : [])),
    carriers: (candidates, marker) => candidates.filter(({ pid }) => environmentHolds(pid, marker)),
    find: (pid) => readStat(String(pid)),
  };
}

/** Fields of /proc/PID/stat (proc_pid_stat(5)); the name before them may hold anything, so start at its last `)`. */
function readStat(pid: string): ProcessEntry | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // A leader that ended is a zombie too while other threads of its process go on.
  const ended = fields[0] === "X" || (fields[0] === "Z" && Number(fields[17]) <= 1);
  if (ended) return undefined;
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    start: Number(fields[19]),
  };
}

function environmentHolds(pid: number, marker: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(marker);
  } catch {
    return false;
  }
}

function psTable(): ProcessTable {
  const columns = ["-o", "pid=,ppid=,pgid=,stat=,lstart="];
  return {
    list: () => {
      const entries = parsePs(ask("ps", ["-A", ...columns]));
      if (entries.length === 0)
        throw new Error("`ps` listed no process; nothing can be proven gone");
      return entries;
    },
    carriers: (candidates, marker) => {
      const lines = ask("ps", ["-A", "-E", "-ww", "-o", "pid=,command="]).split("\n");
      const carrying = new Set(
        lines.filter((l) => l.includes(marker)).map((l) => Number.parseInt(l, 10)),
      );
      return candidates.filter(({ pid }) => carrying.has(pid));
    },
    find: (pid) => parsePs(ask("ps", ["-p", String(pid), ...columns]))[0],
  };
}

/** Lines of `pid ppid pgid stat lstart`; the session is not told and taken as the group. */
export function parsePs(text: string): ProcessEntry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null || match[4]?.startsWith("Z")) return [];
    const group = Number(match[3]);
    const start = Math.floor(Date.parse(match[5] ?? "") / 1000);
    return { pid: Number(match[1]), parent: Number(match[2]), group, session: group, start };
  });
}

/** Without our own environment, or `ps` would find itself among the carriers of a guard's marker. */
function ask(program: string, args: readonly string[]): string {
  const env = { PATH: process.env.PATH, LC_ALL: "C" };
  return spawnSync(program, args, { encoding: "utf8", env, maxBuffer: 64 << 20 }).stdout ?? "";
}

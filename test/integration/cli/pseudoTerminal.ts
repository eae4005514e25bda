/**
 * The CLI in a real pseudo-terminal, made by `script` of util-linux, which every Debian has. Types keys, waits for text.
 * Owns the process and what it has shown; knows no workflow.
 */
import { spawn, spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { quoteForShell } from "../../../src/util/shellQuote.ts";
import { CLI, type Place } from "./spawnCli.ts";

/** Why there is no terminal to test in; undefined when there is. */
export function noTerminal(): string | undefined {
  const found = spawnSync("script", ["--version"], { encoding: "utf8" });
  return found.status === 0 && found.stdout.includes("util-linux")
    ? undefined
    : "`script` of util-linux is not here";
}

export interface Screen {
  /** Resolves once the text was shown after what was waited for last. Rejects with what is on screen otherwise. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** What is on screen and how the program ended. */
  ended(): Promise<{ readonly code: number | null; readonly text: string }>;
}

const PATIENCE = 30_000;

/** Starts the CLI in a terminal of 90 columns and 40 rows. */
export function openScreen(place: Place, ...args: readonly string[]): Screen {
  const command = [process.execPath, CLI, ...args].map(quoteForShell).join(" ");
  const child = spawn("script", ["-qefc", `stty cols 90 rows 40; ${command}`, "/dev/null"], {
    cwd: place.workspace,
    env: { ...place.env, TERM: "xterm-256color" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let raw = "";
  let seen = 0;
  const looking = new Set<() => void>();
  const look = (): void => {
    for (const each of [...looking]) each();
  };
  child.stdout.on("data", (chunk) => {
    raw += chunk;
    look();
  });
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  closed.then(look, look);
  const text = (): string => stripVTControlCharacters(raw).replaceAll("\r", "");
  return {
    shows: (wanted) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          looking.delete(each);
          clearTimeout(timer);
        };
        const fail = (why: string): void => {
          end();
          reject(new Error(`${why}: ${wanted}\n--- shown since:\n${text().slice(seen)}`));
        };
        const each = (): void => {
          const at = text().indexOf(wanted, seen);
          if (at >= 0) {
            seen = at + wanted.length;
            end();
            resolve();
          } else if (child.exitCode !== null) fail("It ended before it showed");
        };
        const timer = setTimeout(() => fail("It never showed"), PATIENCE);
        looking.add(each);
        each();
      }),
    type: (keys) => void child.stdin.write(keys),
    ended: async () => ({ code: await closed, text: text() }),
  };
}

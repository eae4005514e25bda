/**
 * A peer in a process of its own, asked over a channel: its garbage is not ours, and what its native module does to its
 * process (better-sqlite3 12 aborts when a collection ends outside of JavaScript) ends one attempt, not the benchmark.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

export interface PeerProcess {
  /** What the peer says it runs on. */
  readonly name: string;
  /** Milliseconds of one run, measured inside. */
  readonly measure: () => Promise<number>;
  /** Ends the process. */
  close(): void;
}

/** Starts the peer's module; it says `{ready: name}` and then answers every message with `{took: ms}`. */
export async function openPeer(module: string, args: readonly string[]): Promise<PeerProcess> {
  let { child, name } = await start(module, args);
  return {
    name,
    measure: async () => {
      for (let tries = 1; ; tries += 1) {
        const took = await ask(child);
        if (took !== undefined) return took;
        if (tries === 3) throw new Error(`${module} ended three times in a row`);
        ({ child, name } = await start(module, args));
        // Its first run warms it up.
        await ask(child);
      }
    },
    close: () => child.kill("SIGKILL"),
  };
}

async function start(
  module: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; name: string }> {
  // Not with our own options: what ties us to who started us would let go of this channel.
  const child = fork(module, [...args], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const said = await heard(child);
  if (said === undefined) throw new Error(`${module} ended before it was ready`);
  return { child, name: String(said.ready) };
}

async function ask(child: ChildProcess): Promise<number | undefined> {
  if (!child.connected) return undefined;
  // Whether it arrived shows by the answer.
  child.send("run", () => undefined);
  const said = await heard(child);
  return said === undefined ? undefined : Number(said.took);
}

/** The next message; undefined when the process ends instead. */
async function heard(child: ChildProcess): Promise<Record<string, unknown> | undefined> {
  const end = new AbortController();
  const { signal } = end;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message),
      once(child, "disconnect", { signal }).then(() => undefined),
    ]);
  } finally {
    end.abort();
  }
}

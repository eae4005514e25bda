/**
 * The product in a process of its own, told what to do by lines of JSON on its input: another host, as a test sees one.
 * Usage: remoteHost.ts JSON, where the JSON is `RemoteOrder`. Each line `{id, verb, args}` is answered by `{id, value}`
 * or `{id, error}`; the first line out says `{id: 0}`: it is ready.
 */
import { createInterface } from "node:readline";
import { composeApp } from "../../../src/app/compose.ts";
import type { RunState } from "../../../src/run/state.ts";
import type { JsonObject } from "../../../src/util/json.ts";

export interface RemoteOrder {
  readonly workspace: string;
  readonly settings?: JsonObject;
  readonly trusted?: boolean;
}

/** What of a state crosses between the processes. */
export interface RemoteState {
  readonly status: string;
  readonly value: unknown;
  readonly breakpoints: readonly string[];
}

const {
  workspace,
  settings = {},
  trusted = true,
}: RemoteOrder = JSON.parse(process.argv[2] ?? "{}");
const app = await composeApp({
  workspace,
  env: process.env,
  settings,
  trusted,
  log: (message, cause) =>
    process.stderr.write(`${message} ${cause instanceof Error ? cause.stack : (cause ?? "")}\n`),
});

const verbs = {
  startRun: app.startRun,
  openRun: app.openRun,
  signal: app.signal,
  setStops: app.setStops,
  listRuns: app.listRuns,
  resumeInterrupted: app.resumeInterrupted,
  settled: async (run: string) => plain(await app.settled(run)),
  dispose: app.dispose,
};
export type RemoteVerb = keyof typeof verbs;

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, verb, args }: { id: number; verb: RemoteVerb; args: never[] } = JSON.parse(line);
    const call = verbs[verb] as (...given: readonly unknown[]) => Promise<unknown>;
    call(...args).then(
      (value) => say({ id, value }),
      (error) => say({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  })
  .on("close", () => void app.dispose().then(() => process.exit(0)));
say({ id: 0 });

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function plain({ status, value, breakpoints }: RunState): RemoteState {
  return { status, value: value ?? null, breakpoints: [...breakpoints.keys()] };
}

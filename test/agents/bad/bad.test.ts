/** Every kind of bad program that is an agent: those of the CLI's kinds, and what is no program at all. */
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FailureCode } from "../../../src/run/failure.ts";
import { type Bad, tryBad } from "./tryBad.ts";

const PROGRAM = fileURLToPath(new URL("badAgent.sh", import.meta.url));

const bad = (
  kind: string,
  code: FailureCode,
  { adapter = "claude", ...more }: Partial<Bad> & { readonly adapter?: string } = {},
): Bad => ({
  kind,
  code,
  settings: (_, pids) => ({ adapter, command: ["sh", PROGRAM, kind, pids] }),
  ...more,
});

const noProgram = (kind: string, file: string): Bad => ({
  ...{ kind, code: "agent_unavailable", quiet: true },
  settings: ({ workspace }) => ({ adapter: "claude", command: [join(workspace, file)] }),
});

const ENDLESS = { endless: true } as const;

const KINDS: readonly Bad[] = [
  bad("hangs", "timeout", ENDLESS),
  bad("ignores-term", "timeout", ENDLESS),
  bad("forks", "timeout", ENDLESS),
  bad("deaf", "timeout", { ...ENDLESS, instructions: "y".repeat(100_000) }),
  bad("talks-forever", "timeout", ENDLESS),
  bad("lingers", "timeout", ENDLESS),
  bad("mute", "timeout", { ...ENDLESS, adapter: "acp" }),
  bad("asks-forever", "agent_error"),
  bad("leaves-daemon", "agent_error"),
  bad("leaves-pipe-open", "agent_error"),
  bad("floods-errors", "agent_error"),
  bad("floods-output", "agent_error"),
  bad("endless-line", "agent_error"),
  bad("says-nothing", "agent_error"),
  bad("exits", "agent_error"),
  bad("crashes", "agent_error"),
  bad("breaks-off", "agent_error"),
  bad("fails-wordless", "agent_error", { adapter: "codex" }),
  bad("wrong-schema", "invalid_output", { attempts: 2 }),
  bad("no-json", "invalid_output"),
  bad("deep-data", "invalid_output"),
  noProgram("not-there", "nowhere/agent"),
  noProgram("not-executable", "notes.txt"),
];

test(
  "bad agents of every kind fail by name, in time, and are gone",
  {
    skip: process.platform === "win32" && "the bad agents are written for a POSIX shell",
  },
  (t) => tryBad(t, KINDS, { probe: "exits", times: 20, mostAtWork: 8 }),
);

/** Every kind of bad agent that is spoken with: over the Agent Client Protocol, and over HTTP. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FailureCode } from "../../../src/run/failure.ts";
import { type Bad, tryBad } from "./tryBad.ts";

const PEER = fileURLToPath(new URL("badAcp.sh", import.meta.url));
const WORKER = fileURLToPath(new URL("badWorker.ts", import.meta.url));

/** `FERMATA_BAD_TIMES=20` is the whole of it, which takes a minute or two. */
const TIMES = Number(process.env.FERMATA_BAD_TIMES ?? 3);

const peer = (kind: string, code: FailureCode, more: Partial<Bad> = {}): Bad => ({
  kind,
  code,
  settings: (_, pids) => ({ adapter: "acp", command: ["sh", PEER, kind, pids] }),
  ...more,
});

const ENDLESS = { endless: true } as const;

const PEERS: readonly Bad[] = [
  peer("hangs-in-turn", "timeout", ENDLESS),
  peer("ignores-cancel", "timeout", ENDLESS),
  peer("forks-in-turn", "timeout", ENDLESS),
  peer("updates-forever", "timeout", ENDLESS),
  peer("wrong-ids", "timeout", ENDLESS),
  peer("exits-in-turn", "agent_error"),
  peer("breaks-off-in-turn", "agent_error"),
  peer("endless-line-in-turn", "agent_error"),
  peer("floods-errors-in-turn", "agent_error"),
  peer("refuses", "agent_error"),
  peer("nothing-said", "agent_error"),
  peer("odd-updates", "agent_error"),
  peer("asks-for-files", "agent_error"),
  peer("other-version", "agent_unavailable"),
  peer("no-json-at-all", "agent_error"),
  peer("no-session", "agent_error"),
  peer("wrong-data", "invalid_output", { attempts: 2 }),
  peer("only-words", "invalid_output"),
  peer("deep-words", "invalid_output"),
  peer("leaves-daemon-in-turn", "invalid_output"),
];

test(
  "bad agents over ACP fail by name, in time, and are gone",
  {
    skip: process.platform === "win32" && "the bad agents are written for a POSIX shell",
  },
  (t) => tryBad(t, PEERS, { probe: "exits-in-turn", times: TIMES, mostAtWork: 16 }),
);

test("bad HTTP workers fail by name, in time, and leave nothing", async (t) => {
  const port = await startWorker(t);
  const worker = (kind: string, code: FailureCode, more: Partial<Bad> = {}): Bad => ({
    ...{ kind, code, quiet: true, apart: true },
    settings: (_place, _pids, nth) => ({
      adapter: "http",
      api_url: `http://127.0.0.1:${port}/${kind}/${nth}`,
    }),
    ...more,
  });
  const kinds: readonly Bad[] = [
    worker("nobody", "agent_unavailable", {
      // Each at an address of its own: one that failed five times is left alone.
      settings: (_place, _pids, nth) => ({
        adapter: "http",
        api_url: `http://127.0.0.1:1/${nth}`,
      }),
    }),
    worker("health-hangs", "agent_unavailable"),
    worker("health-fails", "agent_unavailable"),
    worker("health-garbage", "agent_unavailable"),
    worker("health-floods", "agent_unavailable"),
    worker("health-redirects", "agent_unavailable"),
    worker("hangs", "timeout", ENDLESS),
    worker("drips", "timeout", ENDLESS),
    worker("lies-length", "timeout", ENDLESS),
    worker("goes-on", "network"),
    worker("floods", "tool_error"),
    worker("half-json", "network"),
    worker("resets", "network"),
    worker("fails", "agent_error"),
    worker("fails-loudly", "tool_error"),
    worker("redirects", "tool_error"),
    worker("redirects-nowhere", "tool_error"),
    worker("bomb", "tool_error"),
    worker("long-headers", "network"),
    worker("nothing", "invalid_output"),
    worker("no-json", "invalid_output"),
    worker("no-contract", "invalid_output"),
    worker("deep", "invalid_output"),
    worker("silence", "agent_error"),
    worker("wrong-data", "invalid_output", { attempts: 2 }),
    worker("only-words", "invalid_output"),
  ];
  await tryBad(t, kinds, { probe: "fails", times: TIMES, mostAtWork: 8 });
});

/** The worker in a process of its own, so that what it holds is not counted here; its port. */
async function startWorker(t: TestContext): Promise<number> {
  const child = spawn(process.execPath, [WORKER], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) return Number(line);
  return assert.fail("the worker did not begin");
}

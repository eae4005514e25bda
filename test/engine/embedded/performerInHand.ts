/** A performer whose every try is in the test's hand. */
import type { ActivityContext, OutputLine } from "../../../src/engine/activity.ts";
import { createAgentPool } from "../../../src/engine/embedded/agentPool.ts";
import { type Activities, createPerformer } from "../../../src/engine/embedded/performer.ts";
import { systemTimer } from "../../../src/engine/embedded/systemTimer.ts";
import type { Transcripts } from "../../../src/engine/embedded/transcripts.ts";
import type { Perform, Report } from "../../../src/engine/performer.ts";
import type { ActivityOutcome, AgentRequest, ShellRequest } from "../../../src/run/request.ts";
import type { Outcome } from "../../../src/run/signal.ts";

const REQUEST: ShellRequest = { activity: "shell", command: ["work"] };
const AGENT: AgentRequest = { activity: "agent", agent: "@task", instructions: "work" };
export const DONE: ActivityOutcome = { type: "completed", result: "ok" };

const asking = (path: string): Perform => ({
  type: "perform",
  path,
  attempt: 1,
  token: `${path}1`,
  request: AGENT,
});

interface Try {
  readonly context: ActivityContext;
  finish(outcome: ActivityOutcome): void;
  break(error: Error): void;
}

/** Starts one; what it begins waits in `tries` until the test ends it. */
export function hand(
  more: { readonly transcripts?: Partial<Transcripts>; readonly places?: number } = {},
) {
  const tries: Try[] = [];
  const reports: Outcome[] = [];
  const faults: unknown[] = [];
  const live: string[] = [];
  const lines: string[] = [];
  const activity = (_request: unknown, context: ActivityContext): Promise<ActivityOutcome> =>
    new Promise((finish, breakOff) => tries.push({ context, finish, break: breakOff }));
  const activities: Activities = {
    agent: activity,
    tool: activity,
    shell: activity,
    gate: activity,
    ...{ http: activity, worker: activity },
  };
  const performer = createPerformer({
    run: "run_000000000000",
    workspace: "/w",
    activities,
    reconcile: activity,
    transcripts: {
      open: (path, attempt) => ({
        write: ({ text }: OutputLine) => void lines.push(`${path} #${attempt}: ${text}`),
        close: async () => void lines.push(`${path} #${attempt} closed`),
      }),
      read: async () => [],
      readAll: async () => [],
      copyTo: async () => undefined,
      ...more.transcripts,
    },
    guardFolder: "/guards",
    timer: systemTimer,
    agentPool: createAgentPool(() => more.places ?? 4),
    live: (path, text) => live.push(`${path}: ${text}`),
    fault: (error) => faults.push(error),
  });
  const turns: string[] = [];
  const paused = { now: false };
  const report: Report = async (input) => {
    if (input.type === "outcome") reports.push(input);
    else turns.push(`${input.type} ${input.path}`);
    if (input.type === "asked" && paused.now) return { ok: false, reason: "nobody is there" };
    if (input.type === "begun" && paused.now) return { ok: false, reason: "paused" };
    return { ok: true, events: [] };
  };
  return {
    tries,
    reports,
    turns,
    pause: (now: boolean) => {
      paused.now = now;
      performer.hold?.(now);
    },
    faults,
    live,
    lines,
    performer,
    perform: (path: string, attempt = 1, more: { readonly idle_timeout?: number } = {}) =>
      performer.perform(
        { type: "perform", path, attempt, token: `${path}${attempt}`, request: REQUEST, ...more },
        report,
      ),
    ask: (path: string) => performer.perform(asking(path), report),
    adopt: (
      path: string,
      more: { readonly idle_timeout?: number; readonly asked?: number } = {},
    ) => {
      const { asked = 0, ...limit } = more;
      performer.adopt?.({ effect: { ...asking(path), ...limit }, asked }, report);
    },
    tell: (path: string, question: number) => {
      const answer = { kind: "permission", decision: "allow_once", option: "a" } as const;
      performer.perform(
        { type: "tell", path, attempt: 1, token: `${path}1`, question, answer },
        report,
      );
    },
    stop: (path: string, attempt = 1) =>
      performer.perform({ type: "stop", path, attempt, token: `${path}${attempt}` }, report),
  };
}

/**
 * The world outside of a simulated run: agents, tools and commands that take their time, die with their host, and do
 * not always listen. What they answer is a function of where a task stands, never of when.
 */
import type { Activity, ActivityContext, Question } from "../../src/engine/activity.ts";
import type { Activities } from "../../src/engine/embedded/performer.ts";
import type { RecoveryPorts } from "../../src/engine/embedded/recovery.ts";
import { MAX_INLINE_BYTES } from "../../src/journal/blobs.ts";
import type { ActivityOutcome, ActivityRequest } from "../../src/run/request.ts";
import { isObject } from "../../src/util/json.ts";
import { outcomeAt } from "../run/world.ts";
import type { Call, Ledger } from "./ledger.ts";
import type { SimulatedProcess } from "./machine.ts";
import type { Actor, Scheduler } from "./scheduler.ts";

export interface Outside {
  activities(host: SimulatedProcess): Activities;
  recovery(host: SimulatedProcess): RecoveryPorts;
  reconcile(host: SimulatedProcess): Activity;
  /** The guards notice that this host is dead. */
  hostDied(host: SimulatedProcess): void;
}

export interface OutsideOptions {
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  /** Some attempts cannot be proven gone. */
  readonly unproven: boolean;
}

interface Open extends Call {
  /** The work was done, whether or not anybody heard of it. */
  finished: boolean;
  readonly request: ActivityRequest;
  end(outcome: ActivityOutcome): void;
}

export function createOutside(options: OutsideOptions): Outside {
  const { seed, scheduler, ledger, unproven } = options;
  const { random } = scheduler;
  /** Children run on when their host is stopped. */
  const children: Actor = { name: "children", status: "running" };
  const open = new Set<Open>();

  const perform =
    (host: SimulatedProcess): Activity =>
    (request, { attempt: id, signal, ask }) =>
      new Promise((resolve) => {
        const { path, attempt, token, key } = id;
        const call: Open = {
          ...{ by: host.actor.name, path, attempt, token, key, request },
          over: false,
          finished: false,
          end: (outcome) => {
            if (call.over) return;
            call.over = true;
            open.delete(call);
            // The host hears of it when it runs.
            void scheduler.turn(host.actor, "outcome").then(() => resolve(outcome));
          },
        };
        open.add(call);
        ledger.called(call);
        const finish = (): void => {
          call.finished = true;
          call.end(outcomeOf(seed, { path, request }, ledger.failures(path)));
        };
        const asks = request.activity === "agent" && random.below(4) === 0;
        scheduler.after(children, lasting(), asks ? () => void inquire(call, ask, finish) : finish);
        signal.addEventListener("abort", () => {
          // One in sixteen does not listen; its host gives up on it, and the world does not count it any more.
          const deaf = random.below(16) === 0;
          if (deaf) scheduler.after(children, 9_999, () => forget(call));
          else scheduler.after(children, random.below(300), () => call.end(stopped(path)));
        });
      });

  /** An agent that asks in the middle of its work; one that nobody answers is being stopped. */
  const inquire = async (
    call: Open,
    ask: ActivityContext["ask"],
    finish: () => void,
  ): Promise<void> => {
    const reply = await ask(QUESTION);
    if (reply.kind === "none") return;
    ledger.told(call, reply);
    scheduler.after(children, lasting(), finish);
  };

  const forget = (call: Open): void => {
    call.over = true;
    open.delete(call);
  };

  const lasting = (): number => {
    const draw = random.below(10);
    return draw < 4 ? 0 : draw < 8 ? random.below(50) : random.below(3_000);
  };

  return {
    activities: (host) => {
      const activity = perform(host);
      return {
        agent: activity,
        tool: activity,
        shell: activity,
        gate: activity,
        http: activity,
        worker: activity,
      };
    },
    recovery: (host) => ({
      awaitGone: async (path, attempt) => {
        const left = [...open].find((call) => call.path === path && call.attempt === attempt);
        if (left && unproven && random.below(3) === 0) return "unproven";
        await host.clock.wait(random.below(200));
        left?.end(stopped(path));
        return "gone";
      },
      mayKnow: (request) => request.activity === "agent",
    }),
    // It asks, says what it had come to, is at work until it is stopped and then perhaps does not let go, or is forgotten.
    reconcile:
      (host) =>
      async (request, { attempt: { path, attempt }, signal, ask }) => {
        const known = ledger.calls.find((call) => call.path === path && call.attempt === attempt);
        const draw = random.below(8);
        if (!known || draw < 3) return untold(path);
        if (draw === 3) {
          await Promise.race([aborted(signal), host.clock.wait(5_000)]);
          if (!signal.aborted) return untold(path);
          if (random.below(2) === 0) await host.clock.wait(20_000);
          return stopped(path);
        }
        if (draw > 5) {
          const reply = await ask(QUESTION);
          if (reply.kind === "none") return untold(path);
          ledger.told(known, reply);
        }
        await host.clock.wait(random.below(500));
        return (known as Open).finished
          ? outcomeOf(seed, { path, request }, ledger.failures(path))
          : untold(path);
      },
    hostDied: (host) => {
      for (const call of open) {
        if (call.by !== host.actor.name) continue;
        scheduler.after(children, random.below(1_000), () => call.end(stopped(call.path)));
      }
    },
  };
}

const QUESTION: Question = {
  message: "May I?",
  options: [
    { id: "a", label: "Allow", kind: "allow_once" },
    { id: "r", label: "Reject", kind: "reject_once" },
  ],
};

/** What an attempt comes to (`outcomeAt`); in one workflow of four a text too long for a record. */
export function outcomeOf(
  seed: number,
  task: Parameters<typeof outcomeAt>[1],
  failedBefore: number,
): ActivityOutcome {
  const usual = outcomeAt(seed, task, failedBefore);
  if (seed % 4 > 0 || usual.type !== "completed" || !isObject(usual.result)) return usual;
  const response = `${task.path} `.repeat(Math.ceil(MAX_INLINE_BYTES / task.path.length));
  return "response" in usual.result ? { ...usual, result: { ...usual.result, response } } : usual;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function untold(path: string): ActivityOutcome {
  return {
    type: "unknown",
    failure: { code: "outcome_unknown", message: `Who knows of ${path}?` },
  };
}

function stopped(path: string): ActivityOutcome {
  return { type: "failed", failure: { code: "cancelled", message: `${path} was stopped.` } };
}

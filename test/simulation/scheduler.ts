/**
 * Who goes on next, drawn from a seed: every wait of the simulated processes ends here, one at a time.
 * Owns the order of things and the time that passes. Knows neither disks nor runs; never touches a real timer.
 */
import type { Random } from "./random.ts";

/** Somebody who waits for turns. A frozen one keeps its place; a dead one never comes back. */
export interface Actor {
  readonly name: string;
  status: "running" | "frozen" | "dead";
}

/** What somebody is about to do. */
export interface Turn {
  readonly actor: Actor;
  readonly what: string;
}

export interface Scheduler {
  readonly random: Random;
  /** Milliseconds that only grow; the machine's sleep does not count. */
  readonly time: number;
  /** Turns taken so far. */
  readonly turns: number;
  /** Resolves when the actor may go on. */
  turn(actor: Actor, what: string): Promise<void>;
  /** Rings once `ms` have passed, and the actor runs; the returned function takes it back. */
  after(actor: Actor, ms: number, ring: () => void): () => void;
  /**
   * Lets things happen until `done`. `before` is told of each turn first, and may stop or kill whoever would take it.
   * Rejects after `most` turns, and when nothing more can happen.
   */
  run(done: () => boolean, before: (turn: Turn) => void, most: number): Promise<void>;
}

interface Waiting extends Turn {
  readonly go: () => void;
}

interface Ringing {
  readonly actor: Actor;
  readonly due: number;
  readonly ring: () => void;
  off: boolean;
}

export function createScheduler(random: Random): Scheduler {
  const waiting: Waiting[] = [];
  const ringing: Ringing[] = [];
  let time = 0;
  let turns = 0;

  const draw = (): Waiting | undefined => {
    for (let tries = waiting.length; waiting.length > 0 && tries > 0; tries -= 1) {
      const index = random.below(waiting.length);
      const chosen = waiting[index];
      if (!chosen) return undefined;
      if (chosen.actor.status === "dead") take(waiting, index);
      else if (chosen.actor.status === "running") return take(waiting, index);
    }
    const index = waiting.findIndex(({ actor }) => actor.status === "running");
    return index < 0 ? undefined : take(waiting, index);
  };

  const nextBell = (): Ringing | undefined => {
    let best: Ringing | undefined;
    for (let index = ringing.length - 1; index >= 0; index -= 1) {
      const bell = ringing[index];
      if (!bell || bell.off || bell.actor.status === "dead") take(ringing, index);
      else if (bell.actor.status === "running" && (!best || bell.due <= best.due)) best = bell;
    }
    return best;
  };

  const step = (before: (turn: Turn) => void): void => {
    // Now and then time passes though somebody could go on: a slow disk, a busy machine.
    const chosen = random.below(12) === 0 ? undefined : draw();
    if (chosen) {
      before(chosen);
      if (chosen.actor.status === "running") chosen.go();
      else if (chosen.actor.status === "frozen") waiting.push(chosen);
      return;
    }
    const bell = nextBell();
    if (bell) {
      bell.off = true;
      time = Math.max(time, bell.due);
      bell.ring();
    } else if (!waiting.some(({ actor }) => actor.status === "running")) {
      throw new Error("nothing more can happen");
    }
  };

  return {
    random,
    get time() {
      return time;
    },
    get turns() {
      return turns;
    },
    turn: (actor, what) => new Promise((go) => waiting.push({ actor, what, go })),
    after: (actor, ms, ring) => {
      const bell: Ringing = { actor, due: time + Math.max(0, ms), ring, off: false };
      ringing.push(bell);
      return () => {
        bell.off = true;
      };
    },
    run: async (done, before, most) => {
      for (let left = most; ; left -= 1) {
        await quiet();
        if (done()) return;
        if (left <= 0) throw new Error(`no end after ${most} turns`);
        turns += 1;
        step(before);
      }
    },
  };
}

/** Resolves once no promise has anything left to do: Node looks at its next ticks only then. */
function quiet(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** Takes one out of a list whose order means nothing. */
function take<T>(list: T[], index: number): T | undefined {
  const last = list.pop();
  if (last === undefined || index === list.length) return last;
  const taken = list[index];
  list[index] = last;
  return taken;
}

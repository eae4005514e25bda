/**
 * One seed: a run of a generated workflow on the simulated machine, driven by the real product, while processes are
 * killed, frozen and raced, power fails, disks and clocks lie. Every promise is asked for all along; in the end the run
 * must be over, and end as it does in peace.
 */

import type { Runs } from "../../src/app/runs/runs.ts";
import { readRun } from "../../src/journal/follow.ts";
import { newRunId, runFolder } from "../../src/journal/runFolder.ts";
import type { BreakpointKind } from "../../src/run/ask/breakpoint.ts";
import type { RunEvent } from "../../src/run/event.ts";
import type { Signal } from "../../src/run/signal.ts";
import { stateText } from "../../src/run/stateHash.ts";
import { isObject, type Json } from "../../src/util/json.ts";
import { answerAt, ending } from "../run/world.ts";
import { createHolders, type Holders } from "./holders.ts";
import { openHost, STATE } from "./host.ts";
import { createLedger, isOver, type Ledger } from "./ledger.ts";
import { createSimulatedMachine, type SimulatedMachine, type SimulatedProcess } from "./machine.ts";
import { createOutside, type Outside } from "./outside.ts";
import { signalFor } from "./person.ts";
import { CRASHES, DISK_ERRORS, type Evil, GRAVE, type Plan, planOf } from "./plan.ts";
import { createRandom } from "./random.ts";
import { type Actor, createScheduler, type Scheduler, type Turn } from "./scheduler.ts";
import { type Workflow, workflowOf } from "./workflows.ts";

/** What a seed came to. */
export interface Outcome {
  readonly plan: Plan;
  readonly turns: number;
  readonly status: string;
  /** What befell the run, and before which operation: `kill datasync`. */
  readonly evils: readonly string[];
  /** The end was compared with the end in peace. */
  readonly compared: boolean;
  readonly records: number;
  /** The types of the events on record. */
  readonly events: readonly string[];
}

/** Evils end after this many turns, so that the run can come to its end. */
const TROUBLED = 6_000;
const MOST_TURNS = 40_000;

/**
 * Runs one seed. Rejects with the seed and the promise that was broken.
 * @param trace told of every operation and evil, as a line
 */
export async function crashRun(seed: number, trace?: (line: string) => void): Promise<Outcome> {
  try {
    return await new Simulation(seed, trace).play();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`seed ${seed}: ${said}. Again: npm run simulate -- ${seed}`, { cause });
  }
}

class Simulation {
  private readonly plan: Plan;
  private readonly scheduler: Scheduler;
  private readonly machine: SimulatedMachine;
  private readonly ledger: Ledger;
  private readonly holders: Holders;
  private readonly outside: Outside;
  private readonly workflow: Workflow;
  private readonly evils: string[] = [];
  private readonly hosts = new Map<SimulatedProcess, Runs>();
  private readonly fate: Actor = { name: "fate", status: "running" };
  /** A run that died before its first record was durable never was: the next has another name. */
  private run = "run_aaaaaaaaaaaa";
  private crashed = false;
  /** So often somebody steers the run. */
  private words = 12;
  private fault: unknown;
  private readonly trace: (line: string) => void;

  constructor(seed: number, trace: (line: string) => void = () => undefined) {
    this.trace = trace;
    this.plan = planOf(seed, createRandom(seed * 2 + 1));
    this.scheduler = createScheduler(createRandom(seed));
    const { scheduler, plan } = this;
    this.ledger = createLedger(() => this.run);
    this.holders = createHolders(() => scheduler.time, this.ledger.breach);
    this.machine = createSimulatedMachine({
      ...{ seed, scheduler, untold: plan.untold },
      watch: (process, kind, path) => {
        trace(`${scheduler.time} ${process.actor.name}: ${kind} ${path}`);
        this.holders.saw(process, kind, path);
      },
    });
    this.workflow = workflowOf(plan);
    const { ledger } = this;
    this.outside = createOutside({
      ...{ seed: plan.workflow, scheduler, ledger },
      unproven: plan.unproven,
    });
  }

  async play(): Promise<Outcome> {
    this.boot();
    if (this.plan.rough) this.steer();
    const { scheduler, ledger, plan } = this;
    await scheduler.run(
      () => {
        if (this.fault !== undefined) throw this.fault;
        if (ledger.broken !== undefined) throw new Error(ledger.broken);
        return isOver(ledger) && !this.mayBeRetried();
      },
      (turn) => this.trouble(turn),
      MOST_TURNS,
    );
    await this.readBack();
    if (ledger.broken !== undefined) throw new Error(ledger.broken);
    return {
      plan,
      turns: scheduler.turns,
      status: ledger.state?.status ?? "none",
      evils: this.evils,
      compared: this.compareEnd(),
      records: ledger.records.length,
      events: [...new Set(ledger.records.map(({ event }) => event.type))],
    };
  }

  private mayBeRetried(): boolean {
    return this.plan.rough && this.words > 0 && this.ledger.state?.status === "failed";
  }

  /** Somebody steers the run, from any process that lives, for as long as it runs. */
  private steer(): void {
    const { scheduler, ledger, fate, hosts } = this;
    const { random } = scheduler;
    const act = (): void => {
      const living = [...hosts].filter(([{ actor }]) => actor.status === "running");
      const [, runs] = living[random.below(living.length)] ?? [];
      const signal = ledger.state && signalFor(ledger.state, random, this.words > 0);
      if (runs && signal) {
        this.words -= 1;
        this.trace(`${scheduler.time} ${signal.type}`);
        void this.send(runs, signal);
        // The same word twice, as from two people at once.
        if (random.below(4) === 0) void this.send(runs, signal);
      }
      // Somebody else looks at the run too, and steers it from there.
      if (ledger.state && random.below(4) === 0) this.bootSoon();
      scheduler.after(fate, random.below(this.words > 0 ? 1_500 : 4_000), act);
    };
    scheduler.after(fate, random.below(1_500), act);
  }

  /** Something may befall whoever is about to act. */
  private trouble({ actor, what }: Turn): void {
    const { plan, scheduler, machine, evils } = this;
    const { random } = scheduler;
    const left = plan.evils - evils.length;
    if (left <= 0 || scheduler.turns > TROUBLED) return;
    const process = machine.processes.find((each) => each.actor === actor);
    const due = !this.crashed && (left === 1 || scheduler.turns >= plan.doom);
    if (!process) return;
    if (!due || (!GRAVE.has(what) && scheduler.turns < plan.doom + 20)) {
      if (scheduler.turns < plan.calm) return;
      if (random.below(plan.pace) > 0 || (!GRAVE.has(what) && random.below(5) > 0)) return;
    }
    // Before a run has begun there is nobody who could take it from its maker.
    const crash = due || this.ledger.records.length === 0 || random.below(3) === 0;
    const kinds = crash || plan.kinds.length === 0 ? CRASHES : plan.kinds;
    const evil = kinds[random.below(kinds.length)] ?? "kill";
    this.crashed ||= kinds === CRASHES;
    evils.push(`${evil} ${what}`);
    this.trace(`${scheduler.time} ${actor.name}: ${evil} before ${what}`);
    this.strike(evil, process);
  }

  private strike(evil: Evil, process: SimulatedProcess): void {
    const { machine, scheduler, outside, fate } = this;
    const { random } = scheduler;
    switch (evil) {
      case "kill":
        machine.kill(process);
        outside.hostDied(process);
        return this.bootSoon();
      case "power cut": {
        const left = machine.processes.filter(({ actor }) => actor.status !== "dead");
        machine.cutPower(random.below(3) === 0 ? "nothing" : "some");
        for (const each of left) outside.hostDied(each);
        return this.bootSoon();
      }
      case "freeze":
        machine.freeze(process);
        this.holders.froze(process);
        scheduler.after(fate, random.below(random.below(2) === 0 ? 300 : 60_000), () =>
          machine.wake(process),
        );
        return this.bootSoon();
      case "rival":
        return this.bootSoon();
      case "clock jump":
        // A clock that is set back makes waits longer by as much; the simulation waits them out.
        return machine.shiftClock(
          random.below(2) === 0 ? -random.below(90_000) : random.below(4_000_000),
        );
      case "sleep":
        return machine.shiftClock(8 * 3_600_000);
      default: {
        const error = DISK_ERRORS[evil];
        if (!error) throw new Error(`no evil ${evil}`);
        const times = random.below(2) === 0 ? 1 : 1 + random.below(12);
        process.faults.push({ ...error, times, taken: random.below(400) });
      }
    }
  }

  /** Another process comes, unless two live. */
  private bootSoon(): void {
    const { scheduler, machine, ledger, fate } = this;
    scheduler.after(fate, scheduler.random.below(2_000), () => {
      const living = machine.processes.filter(({ actor }) => actor.status !== "dead");
      // While a run is being made its maker is alone: a second one would make a second run.
      if (living.length < (ledger.records.length > 0 ? 2 : 1)) this.boot();
    });
  }

  private boot(): void {
    const process = this.machine.spawn();
    const { scheduler, ledger, outside, workflow, plan } = this;
    const { program } = workflow;
    const runs = openHost({ process, program, scheduler, ledger, outside, echoes: plan.echoes });
    this.hosts.set(process, runs);
    this.live(process, runs).catch((error: unknown) => {
      this.fault ??= error;
    });
  }

  /** A process' life: it takes the run where it can, and answers for the person in front of it. */
  private async live(process: SimulatedProcess, runs: Runs): Promise<void> {
    const { ledger, scheduler } = this;
    const { random } = scheduler;
    const asked = new Set<string>();
    for (;;) {
      await this.attempt(process, runs);
      const watch =
        ledger.records.length > 0 ? await this.calmly(() => runs.watch(this.run)) : undefined;
      if (watch) {
        const look = (): void => {
          for (const { id, path, hash, form } of watch.state.breakpoints.values()) {
            if (asked.has(id)) continue;
            asked.add(id);
            const answer = this.answerTo(id, path, form.kind);
            const signal = {
              type: "answer",
              breakpoint: id,
              answer,
              by: "person",
              shown: hash,
            } as const;
            scheduler.after(process.actor, random.below(400), () => {
              void this.send(runs, signal).then((taken) => {
                if (!taken) scheduler.after(process.actor, 1_000, () => asked.delete(id));
              });
            });
          }
        };
        const stop = watch.onChange(look);
        look();
        for (let left = 1 + random.below(4); left > 0; left -= 1) {
          await process.clock.wait(random.below(2_500));
          look();
          // Costly for what it finds: every third state will do.
          const { state } = ledger;
          if (state?.seq === watch.state.seq && state.seq % 3 === 0)
            if (stateText(watch.state) !== stateText(state))
              ledger.breach("what a watcher sees is not the fold of what is durable");
        }
        stop();
        watch.dispose();
      }
      await process.clock.wait(random.below(2_500));
    }
  }

  private answerTo(id: string, path: string, kind: BreakpointKind): Json {
    const usual = answerAt(this.plan.workflow, id, path);
    if (!this.plan.rough || !isObject(usual) || kind === "permission") return usual;
    const options = ["retry", "done", "fail"];
    return { ...usual, selected: options[this.scheduler.random.below(3)] ?? "retry" };
  }

  private async attempt(process: SimulatedProcess, runs: Runs): Promise<void> {
    const { ledger, scheduler, workflow } = this;
    const takeOver = scheduler.random.below(2) === 0;
    if (ledger.records.length > 0) {
      if (scheduler.random.below(3) === 0) await this.calmly(() => runs.resumeInterrupted());
      else await runs.open(this.run, { takeOver });
      return;
    }
    const there = await this.calmly(() => process.disk.stat(runFolder(STATE, this.run)));
    if (there && (await runs.open(this.run, { takeOver })).ok) return;
    if (there) this.run = newRunId(process.random);
    await runs.create(this.run, { ...workflow.first, run: this.run }, undefined);
  }

  /** Hands in a signal; true when it was taken. */
  private async send(runs: Runs, signal: Signal): Promise<boolean> {
    const admission = await runs.signal(this.run, signal).catch(() => undefined);
    if (admission?.ok) this.ledger.admitted(signal);
    else this.trace(`refused ${signal.type}: ${admission?.reason}`);
    return admission?.ok === true;
  }

  /** What may meet a disk in trouble, and is tried again later. */
  private async calmly<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      return undefined;
    }
  }

  /** The power goes once more; what is on the disk then is the run. */
  private async readBack(): Promise<void> {
    const { machine, ledger, scheduler } = this;
    machine.cutPower("nothing");
    const reader = machine.spawn();
    let over = false;
    const reading = readRun<RunEvent>(reader.disk, runFolder(STATE, this.run)).then(
      ({ records }) => ledger.closed(records),
      (error: unknown) => ledger.breach(String(error)),
    );
    void reading.then(() => {
      over = true;
    });
    await scheduler.run(
      () => over,
      () => undefined,
      1_000,
    );
  }

  private compareEnd(): boolean {
    const { ledger, plan, workflow } = this;
    if (plan.rough || !ledger.state) return false;
    const changed = ledger.records.some(
      ({ event }) =>
        event.type === "attempt_timed_out" ||
        (event.type === "attempt_lost" && !event.host_died) ||
        ("attempt" in event && event.attempt >= 8),
    );
    if (changed) return false;
    const end = ending(ledger.state);
    if (end !== workflow.peace)
      throw new Error(`it ended as ${end}, in peace as ${workflow.peace}`);
    return true;
  }
}

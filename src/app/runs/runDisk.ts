/**
 * A workspace's runs on disk, as the product's verbs need them: claimed, opened, read, followed, signalled.
 * Owns the wiring between the journal's parts. Decides nothing about runs.
 */

import { recordedOf } from "../../engine/drive.ts";
import type { Journal, JournalRecord } from "../../engine/journal.ts";
import { createSlices } from "../../engine/slices.ts";
import { isRestored } from "../../journal/archive/archiveRun.ts";
import type { Disk } from "../../journal/disk.ts";
import { type Glimpse, glimpseJournal, openJournal } from "../../journal/fileJournal.ts";
import { readRun, type Salvage, salvageRun } from "../../journal/follow.ts";
import { openInbox, sendSignal } from "../../journal/inbox.ts";
import type { Clock } from "../../journal/machine/clock.ts";
import { type Machine, parseProcessName } from "../../journal/machine/machine.ts";
import {
  claimRun,
  describeHolder,
  isDead,
  readOwner,
  seemsAlive,
  type Ownership as Tenancy,
} from "../../journal/owner.ts";
import {
  createRunFolder,
  listRuns,
  newRunId,
  runFolder,
  runPaths,
} from "../../journal/runFolder.ts";
import { admit } from "../../run/admit.ts";
import type { Admission } from "../../run/command.ts";
import type { Recorded, RunEvent } from "../../run/event.ts";
import { evolve, fold } from "../../run/evolve/evolve.ts";
import type { Failure } from "../../run/failure.ts";
import { readSignal } from "../../run/readSignal.ts";
import type { Signal } from "../../run/signal.ts";
import type { RunState } from "../../run/state.ts";
import type { Json } from "../../util/json.ts";
import { isObject } from "../../util/json.ts";
import type { Ownership } from "../app.ts";
import { createFollowing } from "./following.ts";
import { storageTrouble } from "./trouble.ts";
import type { WatchPorts } from "./watches.ts";

export interface RunDiskPorts {
  readonly disk: Disk;
  /** The workspace's state folder. */
  readonly state: string;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly random: (count: number) => Uint8Array;
  readonly report: (message: string) => void;
}

/** A run whose journal this process may write. */
export interface HeldRun {
  readonly run: string;
  readonly journal: Journal<RunEvent>;
  readonly records: readonly JournalRecord<RunEvent>[];
  /** Aborts when another owner has taken over. */
  readonly lost: AbortSignal;
  /** For how many ms nobody drove it, by the last owner's last sign of life. */
  readonly idle: number;
  /** The fold of what was there. */
  state(): RunState | undefined;
  /** Admits one signal and makes it durable, without driving on. */
  admit(signal: Signal): Promise<Admission>;
  /** Lets go of the run; its journal is closed already. */
  release(): Promise<void>;
  /** Closes the journal and lets go. */
  close(): Promise<void>;
}

/** A run that was looked at: the fold of its journal, and the journal itself as it was. */
export interface SeenRun {
  readonly state: RunState;
  readonly journal: Glimpse;
}

export type RunClaim =
  | { readonly status: "held"; readonly why: string }
  | { readonly status: "owned"; readonly held: HeldRun }
  | { readonly status: "missing" }
  | { readonly status: "refused"; readonly failure: Failure };

export interface RunDisk {
  /** This process, as signals name it. */
  readonly self: string;
  /** True when the process that a signal named has ended; one of another machine counts as such. */
  isGone(process: string): boolean;
  newId(): string;
  create(run: string): Promise<HeldRun>;
  /** `seen`: what `look` gave a moment ago; it spares reading the journal again. */
  claim(run: string, takeOver: boolean, seen?: SeenRun): Promise<RunClaim>;
  /** The run as it stands; undefined when its journal holds nothing. @throws JournalFailure */
  look(run: string): Promise<SeenRun | undefined>;
  list(): Promise<readonly string[]>;
  /** It came from an archive, perhaps of another folder or machine. */
  isRestored(run: string): Promise<boolean>;
  /** The fold of a run's journal as it stands; undefined when it holds nothing. @throws JournalFailure */
  state(run: string): Promise<RunState | undefined>;
  records(run: string): Promise<readonly JournalRecord<RunEvent>[]>;
  /** What can be read of a run whose journal is damaged, or of any other. */
  salvage(run: string): Promise<Salvage<RunEvent>>;
  /** When its journal last changed, in ms since the epoch; 0 when it has none. */
  changed(run: string): Promise<number>;
  /** `elsewhere` when a living process has it. This process's own runs are not known here. */
  ownership(run: string): Promise<Ownership>;
  readonly follow: WatchPorts["follow"];
  /** Hands over signals from other processes until the returned function is called. */
  receive(
    run: string,
    receiver: {
      readonly deliver: (signal: Signal) => Promise<Admission>;
      /** The journal has it already. */
      readonly isKnown: (id: string) => boolean;
    },
  ): () => void;
  /** `left`: whoever owned the run has let it go, and took nothing. */
  send(run: string, signal: Signal): Promise<Admission | "left">;
}

/** How long a command waits for the run's owner to answer, in ms. */
const ANSWER_TIMEOUT = 10_000;

/** The runs under one state folder. */
export function openRunDisk(ports: RunDiskPorts): RunDisk {
  const { disk, state, clock, machine, random } = ports;
  const durable = new Set<string>();
  const place = (run: string) => ({ disk, folder: runFolder(state, run), machine, clock, random });

  async function open(
    run: string,
    tenancy: Tenancy,
    seen: number,
    before?: Glimpse,
  ): Promise<HeldRun> {
    const opened = await openJournal<RunEvent>({
      ...{ disk, folder: runFolder(state, run), run, tenure: tenancy, now: clock.now },
      ...(before ? { before } : {}),
    });
    if (opened.tornBytes > 0) {
      const what = `${opened.tornBytes} bytes of a write that a crash cut short were dropped`;
      ports.report(`${run}: ${what}; nobody had been told of them.`);
    }
    const { journal, records } = opened;
    const idle = Math.max(0, clock.now() - Math.max(seen, records.at(-1)?.at ?? 0));
    const held = { run, journal, records, tenancy, clock };
    return heldRun({ ...held, idle: records.length === 0 ? 0 : idle });
  }

  async function openOrRelease(...how: Parameters<typeof open>): Promise<HeldRun> {
    const [, tenancy] = how;
    try {
      return await open(...how);
    } catch (error) {
      await tenancy.release();
      throw error;
    }
  }

  const reading = readings(disk, state, clock);
  const { records } = reading;

  async function ownership(run: string): Promise<Ownership> {
    const there = (await disk.stat(runFolder(state, run))) !== undefined;
    const owner = there ? await readOwner(place(run)) : undefined;
    return owner && seemsAlive(owner, clock.now()) ? "elsewhere" : "nobody";
  }

  return {
    self: JSON.stringify(machine.self),
    isGone: (process) => {
      const name = parseProcessName(Buffer.from(process));
      const sight = name ? machine.look(name) : "gone";
      return sight === "untold" ? name?.boot !== machine.self.boot : sight !== "running";
    },
    newId: () => newRunId(random),
    create: async (run) => {
      await createRunFolder({ disk, state, run, random, durable });
      const claim = await claimRun(place(run));
      if (claim.status !== "owned") throw new Error(describeHolder(run, claim));
      return openOrRelease(run, claim.ownership, clock.now());
    },
    claim: async (run, takeOver, looked) => {
      if ((await disk.stat(runFolder(state, run))) === undefined) return { status: "missing" };
      try {
        // What cannot be read is not taken: it stays as it is, to the last file.
        const before = looked?.journal ?? (await glimpseJournal(disk, runFolder(state, run)));
        const seen = (await readOwner(place(run)))?.heartbeat ?? 0;
        const claim = await claimRun(place(run), { takeOver });
        if (claim.status === "held") return { status: "held", why: describeHolder(run, claim) };
        const held = await openOrRelease(run, claim.ownership, seen, before);
        return { status: "owned", held };
      } catch (error) {
        const trouble = storageTrouble(error);
        if (trouble) return { status: "refused", failure: trouble };
        throw error;
      }
    },
    list: () => listRuns(disk, state),
    isRestored: (run) => isRestored(disk, runFolder(state, run)),
    ...reading,
    ownership,
    follow: createFollowing({ disk, state, clock, records, ownership }),
    receive: (run, receiver) => receive({ ...place(run), report: ports.report }, receiver),
    send: async (run, signal) => {
      const reply = await sendSignal({
        ...place(run),
        signal: signal as unknown as Json,
        timeoutMs: ANSWER_TIMEOUT,
        isLeft: async () => {
          const owner = await readOwner(place(run));
          return owner === undefined || isDead(owner);
        },
      });
      if (reply.status === "answered") return admissionOf(reply.reply);
      if (reply.left) return "left";
      const next = reply.withdrawn
        ? "Nothing was changed."
        : "It may still act on it: look at the run.";
      return {
        ok: false,
        reason: `The process that drives ${run} did not answer within ${ANSWER_TIMEOUT / 1000} s. ${next}`,
      };
    },
  };
}

function receive(
  place: Omit<Parameters<typeof openInbox>[0], "deliver" | "isKnown">,
  { deliver, isKnown }: Parameters<RunDisk["receive"]>[1],
): () => void {
  const inbox = openInbox({
    ...place,
    isKnown,
    deliver: async ({ id, signal }) => {
      const read = readSignal(signal);
      return admissionJson(read ? await deliver({ ...read, id }) : malformed());
    },
  });
  return () => void inbox.dispose();
}

/**
 * What is told of runs from their journals alone. Whoever reads one after the other gives others a turn in between; who
 * asks for states, as the index does for all that it does not know, sees to that.
 */
function readings(
  disk: Disk,
  state: string,
  clock: Clock,
): Pick<RunDisk, "state" | "records" | "look" | "salvage" | "changed"> {
  const inSlices = createSlices({ now: clock.monotonic, turn: clock.turn });
  const read: RunDisk["records"] = async (run) =>
    (await readRun<RunEvent>(disk, runFolder(state, run))).records;
  return {
    records: async (run) => {
      await inSlices();
      return read(run);
    },
    state: async (run) => fold((await read(run)).map(recordedOf)),
    look: async (run) => {
      await inSlices();
      const journal = await glimpseJournal(disk, runFolder(state, run));
      const last = fold(eventsOf(journal));
      return last && { state: last, journal };
    },
    salvage: (run) => salvageRun(disk, runFolder(state, run)),
    changed: async (run) =>
      (await disk.stat(runPaths(runFolder(state, run)).journal))?.mtimeMs ?? 0,
  };
}

/** The events were checked by their seals: they are a run's. */
function eventsOf({ records }: Glimpse): readonly Recorded[] {
  return (records as unknown as readonly JournalRecord<RunEvent>[]).map(recordedOf);
}

function heldRun({
  run,
  journal,
  records,
  tenancy,
  clock,
  idle,
}: Pick<HeldRun, "run" | "journal" | "records" | "idle"> & {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
}): HeldRun {
  const state = (): RunState | undefined => fold(records.map(recordedOf));
  return {
    run,
    journal,
    records,
    lost: tenancy.lost,
    idle,
    state,
    admit: async (signal) => {
      const now = state();
      if (!now) return { ok: false, reason: `${run} has not begun.` };
      const admission = admit(now, signal);
      if (!admission.ok) return admission;
      const skipped = admit(now, { type: "skip", shift: idle, why: "unowned" });
      const events = [...(skipped.ok ? skipped.events : []), ...admission.events];
      for (const record of await journal.append(events, clock.now()))
        evolve(now, recordedOf(record));
      return admission;
    },
    release: () => tenancy.release(),
    close: async () => {
      await journal.close();
      await tenancy.release();
    },
  };
}

function malformed(): Admission {
  return { ok: false, reason: "That is not a signal." };
}

function admissionJson(admission: Admission): Json {
  return JSON.parse(JSON.stringify(admission));
}

function admissionOf(reply: Json): Admission {
  if (isObject(reply) && (reply.ok === true || reply.repeated === true))
    return { ok: true, events: [] };
  const reason =
    isObject(reply) && typeof reply.reason === "string"
      ? reply.reason
      : "It was refused without a reason.";
  const present =
    isObject(reply) && isObject(reply.present)
      ? (reply as unknown as Extract<Admission, { ok: false }>).present
      : undefined;
  return present ? { ok: false, reason, present } : { ok: false, reason };
}

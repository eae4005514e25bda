/**
 * Signals from other processes to the owner of a run: one file each in the run's inbox, answered by a file beside it.
 * Owns delivery, once each; must not know what a signal means, nor journal it: the owner does, and then says so.
 */
import path from "node:path";
import type { Disposable } from "../util/disposable.ts";
import type { Json } from "../util/json.ts";
import { type Disk, errorCode } from "./disk.ts";
import { type Changes, watchChanges } from "./machine/changes.ts";
import type { Clock } from "./machine/clock.ts";
import { fetchMessage, type Mailbag, openMailbag, post, RefusedMessage } from "./machine/sealed.ts";
import { runPaths } from "./runFolder.ts";

export interface InboxPlace {
  readonly disk: Disk;
  /** The run's folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: (count: number) => Uint8Array;
}

export interface ReceivedSignal {
  /** Names the signal for good: record it with the event, so that it is known when it comes again. */
  readonly id: string;
  readonly signal: Json;
}

export interface InboxOptions extends InboxPlace {
  /**
   * Journals a signal, or refuses it, and resolves to the answer for whoever sent it. Only then does the signal leave
   * the inbox; when it rejects, the signal stays for the next owner, or the next look.
   */
  readonly deliver: (received: ReceivedSignal) => Promise<Json>;
  /** True for a signal that the journal has already: it is dropped, and answered with `{"repeated": true}`. */
  readonly isKnown: (id: string) => boolean;
  /** Told of what is in the inbox and is no signal of ours, and of what went wrong. */
  readonly report: (message: string) => void;
  /** Between two looks when the system says nothing; 1000 when left out. */
  readonly pollMs?: number;
}

/** The owner's side: delivers every signal, in the order of sending, until disposed of. */
export function openInbox(options: InboxOptions): Disposable {
  const inbox = runPaths(options.folder).inbox;
  const changes = watchChanges(options.disk, inbox, options.clock);
  const state = { over: false };
  const done = receive(options, inbox, changes, state);
  return {
    dispose: () => {
      state.over = true;
      void changes.dispose();
      return done;
    },
  };
}

export type Reply =
  | { readonly status: "answered"; readonly reply: Json }
  /**
   * `withdrawn`: nobody has read it nor will. Otherwise somebody took it and did not answer in time. `left`: it was
   * withdrawn because nobody owned the run any more.
   */
  | { readonly status: "unanswered"; readonly withdrawn: boolean; readonly left?: true };

export interface Sending extends InboxPlace {
  readonly signal: Json;
  readonly timeoutMs: number;
  /** True once nobody owns the run who could read it: then it is taken back. Asked a few times a second. */
  readonly isLeft?: () => Promise<boolean>;
}

/**
 * Sends a signal to whoever owns the run and waits for the answer.
 * Rejects when the signal is too large or the run's folder cannot be written.
 */
export async function sendSignal(place: Sending): Promise<Reply> {
  const { disk, folder, clock, random, signal, timeoutMs, isLeft } = place;
  const bag = await openMailbag(disk, folder, random);
  const id = newSignalId(clock, random);
  const changes = watchChanges(disk, bag.folder, clock);
  try {
    // Somebody may have removed it; its owner makes it again too, but later.
    await disk.makeFolder(bag.folder).catch(() => {});
    await post(bag, `${id}${SIGNAL}`, { id, signal });
    const withdraw = () =>
      disk.unlink(path.join(bag.folder, `${id}${SIGNAL}`)).then(
        () => true,
        () => false,
      );
    const from = clock.monotonic();
    let looked = from;
    for (;;) {
      const reply = await takeReply(bag, id);
      if (reply !== undefined) return { status: "answered", reply };
      const now = clock.monotonic();
      const left = timeoutMs - (now - from);
      if (left <= 0) break;
      if (isLeft && now - looked >= LEFT_POLL_MS) {
        looked = now;
        if ((await isLeft()) && (await withdraw()))
          return { status: "unanswered", withdrawn: true, left: true };
      }
      await changes.next(Math.min(left, REPLY_POLL_MS));
    }
    const withdrawn = await withdraw();
    const late = withdrawn ? undefined : await takeReply(bag, id);
    return late === undefined
      ? { status: "unanswered", withdrawn }
      : { status: "answered", reply: late };
  } finally {
    void changes.dispose();
  }
}

const SIGNAL = ".signal";
const REPLY = ".reply";
const SIGNAL_FILE = /^(sig_[0-9a-z]{9}_[0-9a-f]{16})\.signal$/;
const DEFAULT_POLL_MS = 1000;
const REPLY_POLL_MS = 50;
const LEFT_POLL_MS = 250;
/** Answers that nobody came for. */
const STALE_MS = 60 * 60 * 1000;

/** Sorts by time of sending. */
function newSignalId(clock: Clock, random: (count: number) => Uint8Array): string {
  const time = Math.max(0, clock.now()).toString(36).padStart(9, "0");
  return `sig_${time}_${Buffer.from(random(8)).toString("hex")}`;
}

async function takeReply(bag: Mailbag, id: string): Promise<Json | undefined> {
  const message = await fetchMessage(bag, `${id}${REPLY}`).catch(() => undefined);
  if (message === undefined) return undefined;
  await bag.disk.unlink(path.join(bag.folder, `${id}${REPLY}`)).catch(() => {});
  return message.reply ?? null;
}

async function receive(
  options: InboxOptions,
  inbox: string,
  changes: Changes,
  state: { readonly over: boolean },
): Promise<void> {
  const { disk, folder, random, report, pollMs = DEFAULT_POLL_MS } = options;
  // What was delivered or refused here, in case its file cannot be removed.
  const handled = new Set<string>();
  let swept = false;
  while (!state.over) {
    try {
      const bag = await openMailbag(disk, folder, random);
      const names = [...(await disk.list(inbox))].sort();
      if (!swept) await sweep(options, inbox, names);
      swept = true;
      for (const name of names) {
        if (!state.over && !handled.has(name)) await handle(options, bag, name, handled);
      }
    } catch (error) {
      await restore(disk, inbox, changes, error, report);
    }
    if (!state.over) await changes.next(pollMs);
  }
}

async function handle(
  { deliver, isKnown, report }: InboxOptions,
  bag: Mailbag,
  name: string,
  handled: Set<string>,
): Promise<void> {
  const id = SIGNAL_FILE.exec(name)?.[1];
  if (id === undefined) return;
  const file = path.join(bag.folder, name);
  try {
    const message = await fetchMessage(bag, name);
    if (!message) return;
    const signal = message.signal ?? null;
    const reply = isKnown(id) ? { repeated: true } : await deliver({ id, signal });
    handled.add(name);
    await post(bag, `${id}${REPLY}`, { reply }).catch((error: unknown) => report(String(error)));
  } catch (error) {
    if (!(error instanceof RefusedMessage)) return report(`${file} was not taken: ${error}`);
    handled.add(name);
    report(`${file} was dropped: ${error.message}.`);
  }
  await bag.disk.unlink(file).catch(() => {});
}

/** A removed folder takes its watcher with it, without a word: make both again. A removed run stays removed. */
async function restore(
  disk: Disk,
  inbox: string,
  changes: Changes,
  error: unknown,
  report: (message: string) => void,
): Promise<void> {
  if (errorCode(error) !== "ENOENT")
    return report(`The inbox ${inbox} could not be read: ${error}`);
  await disk.makeFolder(inbox).then(
    () => changes.renew(),
    () => {},
  );
}

/** Removes what senders left behind that did not wait for their answers. */
async function sweep(
  { disk, clock }: InboxOptions,
  inbox: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    if (SIGNAL_FILE.test(name)) continue;
    const info = await disk.stat(path.join(inbox, name));
    if (info && clock.now() - info.mtimeMs > STALE_MS) {
      await disk.unlink(path.join(inbox, name)).catch(() => {});
    }
  }
}

/**
 * What a run view is told of a run: everything once, then what comes, gathered so that a page draws at its own pace.
 * Owns the order and the pace; knows no editor.
 */
import type { App, Ownership, RunWatch } from "../../../app/app.ts";
import type { Driving, ToView } from "../../../protocol/runView.ts";
import type { Recorded } from "../../../run/event.ts";

/** Between two messages, in ms: at most 30 a second. What comes after a pause is told at once. */
const PACE = 34;
/** Events in one message: a long run is told in pieces, so that neither end is held up by one of them. */
const PIECE = 500;

export interface FeedPorts {
  /** The app of the moment. */
  readonly app: () => Pick<App, "watchRun" | "readEvents">;
  readonly run: string;
  readonly me: string;
  readonly post: (message: ToView) => void;
  /** Why the run cannot be steered from here; undefined where it can. */
  readonly locked: () => string | undefined;
  readonly now: () => number;
}

export interface Feed {
  /** Tells everything from the start: a page has just been loaded. */
  begin(): Promise<void>;
  /** Another app has come: what was told is told anew from it. */
  renew(): Promise<void>;
  /** Says nothing while nobody looks; the page is told the rest when it is looked at again. */
  show(visible: boolean): void;
  /** The run was removed: the page says so once, and keeps what it has. */
  gone(): void;
  /** The run is there: a page that was told it is gone is told everything anew. */
  back(): Promise<void>;
  dispose(): void;
}

/** A feed that is silent until its page is ready. */
export function createFeed(ports: FeedPorts): Feed {
  return new RunFeed(ports);
}

class RunFeed implements Feed {
  private readonly ports: FeedPorts;
  private watch: RunWatch | undefined;
  private stop: (() => void) | undefined;
  private pending: Recorded[] = [];
  /** There is a page that listens. */
  private loaded = false;
  /** The page has had its snapshot, and is told what comes. */
  private begun = false;
  /** The page has a snapshot, of now or of before. */
  private filled = false;
  /** The page was told that the run is gone. */
  private missing = false;
  private visible = true;
  private changed = false;
  /** When the last message went. */
  private told = 0;
  /** The next message is on its way. */
  private waiting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(ports: FeedPorts) {
    this.ports = ports;
  }

  begin(): Promise<void> {
    this.loaded = true;
    this.filled = false;
    this.missing = false;
    return this.fill();
  }

  private async fill(): Promise<void> {
    const { app, run, me, post, now } = this.ports;
    this.begun = false;
    const watch = await this.open();
    if (!watch) return this.gone();
    this.missing = false;
    // What comes while the disk is read is gathered, and told after it; the page drops what it has.
    this.pending = [];
    const events = await app().readEvents(run);
    if (this.disposed) return;
    const first = events.slice(0, PIECE);
    post({ type: "snapshot", run, me, clock: now(), events: first, driving: this.driving(watch) });
    this.pending = [...events.slice(PIECE), ...this.pending];
    this.changed ||= this.pending.length > 0;
    this.begun = true;
    this.filled = true;
    this.soon();
  }

  async renew(): Promise<void> {
    this.letGo();
    if (this.loaded && !this.disposed) await this.fill();
  }

  show(visible: boolean): void {
    this.visible = visible;
    if (visible) this.soon();
  }

  gone(): void {
    if (this.missing) return;
    this.missing = true;
    const { run, post, now } = this.ports;
    const reason = `There is no run ${run} here any more.`;
    this.letGo();
    const driving = { driven: false, live: [], locked: reason };
    if (this.filled) post({ type: "more", clock: now(), events: [], driving });
    else post({ type: "failed", reason });
    this.begun = false;
  }

  async back(): Promise<void> {
    if (this.missing) await this.renew();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.letGo();
  }

  private letGo(): void {
    this.stop?.();
    this.watch?.dispose();
    this.watch = undefined;
  }

  private async open(): Promise<RunWatch | undefined> {
    if (this.watch) return this.watch;
    const watch = await this.ports.app().watchRun(this.ports.run);
    if (this.disposed) watch?.dispose();
    if (!watch || this.disposed) return undefined;
    this.watch = watch;
    this.stop = watch.onChange((change) => {
      // Nothing that a page shows hangs on it.
      if (change.type === "quiet") return;
      if (change.type === "records") this.pending.push(...change.records);
      this.changed = true;
      this.soon();
    });
    return watch;
  }

  private soon(): void {
    if (this.waiting || !this.begun || !this.visible || !this.changed) return;
    this.waiting = true;
    const flush = (): void => {
      this.waiting = false;
      this.flush();
    };
    const wait = this.told + PACE - this.ports.now();
    // After a pause at once: behind a timer it would stand in line with all that the host has to do.
    if (wait <= 0) queueMicrotask(flush);
    else this.timer = setTimeout(flush, wait);
  }

  private flush(): void {
    const { watch } = this;
    if (!watch || !this.begun || !this.visible) return;
    const events = this.pending.splice(0, PIECE);
    this.changed = this.pending.length > 0;
    this.told = this.ports.now();
    this.ports.post({
      type: "more",
      clock: this.ports.now(),
      events,
      driving: this.driving(watch),
    });
    this.soon();
  }

  private driving({ ownership, live }: RunWatch): Driving {
    const locked = this.ports.locked();
    return {
      driven: isDriven(ownership),
      live: [...live],
      ...(locked === undefined ? {} : { locked }),
    };
  }
}

function isDriven(ownership: Ownership): boolean {
  return ownership !== "nobody";
}

/**
 * What a run view is told of a run: everything once, then what comes, gathered so that a page draws at its own pace.
 * Owns the order and the pace; knows no editor.
 */
import type { App, Ownership, RunWatch } from "../../../app/app.ts";
import type { Driving, ToView } from "../../../protocol/runView.ts";
import type { Recorded } from "../../../run/event.ts";

/** At most 25 messages a second. */
const GATHER = 40;

export interface FeedPorts {
  readonly app: Pick<App, "watchRun" | "readEvents">;
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
  /** Says nothing while nobody looks; the page is told the rest when it is looked at again. */
  show(visible: boolean): void;
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
  /** The page has had its snapshot. */
  private begun = false;
  private visible = true;
  private changed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(ports: FeedPorts) {
    this.ports = ports;
  }

  async begin(): Promise<void> {
    const { app, run, me, post, now } = this.ports;
    this.begun = false;
    const watch = await this.open();
    if (!watch) return post({ type: "failed", reason: `There is no run ${run} here any more.` });
    // What comes while the disk is read is gathered, and told after it; the page drops what it has.
    this.pending = [];
    const events = await app.readEvents(run);
    if (this.disposed) return;
    post({ type: "snapshot", run, me, clock: now(), events, driving: this.driving(watch) });
    this.begun = true;
    this.soon();
  }

  show(visible: boolean): void {
    this.visible = visible;
    if (visible) this.soon();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.stop?.();
    this.watch?.dispose();
  }

  private async open(): Promise<RunWatch | undefined> {
    if (this.watch) return this.watch;
    const watch = await this.ports.app.watchRun(this.ports.run);
    if (this.disposed) watch?.dispose();
    if (!watch || this.disposed) return undefined;
    this.watch = watch;
    this.stop = watch.onChange((change) => {
      if (change.type === "records") this.pending.push(...change.records);
      this.changed = true;
      this.soon();
    });
    return watch;
  }

  private soon(): void {
    if (this.timer !== undefined || !this.begun || !this.visible || !this.changed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, GATHER);
  }

  private flush(): void {
    const { watch } = this;
    if (!watch || !this.begun || !this.visible) return;
    const events = this.pending;
    this.pending = [];
    this.changed = false;
    this.ports.post({
      type: "more",
      clock: this.ports.now(),
      events,
      driving: this.driving(watch),
    });
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

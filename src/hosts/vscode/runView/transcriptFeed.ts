/**
 * The transcript that a page shows of one task: a page of its lines when asked for, and its end again as it grows.
 * Owns when it is read; knows no editor. What is said is no event, so it is looked at by the clock.
 */
import { type ToView, TRANSCRIPT_PAGE, type TranscriptLine } from "../../../protocol/runView.ts";

/** Between two looks at a transcript that is followed, in ms. */
const LOOK = 500;

export interface TranscriptPorts {
  readonly read: (path: string) => Promise<readonly TranscriptLine[]>;
  /** Something may still be said: the run goes on, and its page is before somebody's eyes. */
  readonly grows: () => boolean;
  readonly post: (message: ToView) => void;
  readonly fault: (error: unknown) => void;
}

export interface TranscriptFeed {
  /** Tells the page that begins at a line, from 0; without one the last page, and that again as it grows. */
  show(path: string, from: number | undefined): Promise<void>;
  dispose(): void;
}

interface Followed {
  readonly path: string;
  /** Lines that the page has been told of. */
  told: number;
}

/** A feed that reads nothing until it is asked. */
export function createTranscriptFeed({
  read,
  grows,
  post,
  fault,
}: TranscriptPorts): TranscriptFeed {
  let followed: Followed | undefined;
  let grew = false;
  let reading = false;
  const tell = (path: string, all: readonly TranscriptLine[], first: number): void => {
    const lines = all.slice(first, first + TRANSCRIPT_PAGE);
    post({ type: "transcript", path, from: first, total: all.length, lines });
  };
  const look = async (now: Followed): Promise<void> => {
    const all = await read(now.path);
    if (now !== followed || all.length === now.told) return;
    now.told = all.length;
    tell(now.path, all, Math.max(0, all.length - TRANSCRIPT_PAGE));
  };
  const clock = setInterval(() => {
    const growing = grows();
    // Once more when it has ended: the last words came since.
    const due = growing || grew;
    grew = growing;
    if (!followed || !due || reading) return;
    reading = true;
    look(followed)
      .catch(fault)
      .finally(() => {
        reading = false;
      });
  }, LOOK);
  return {
    show: async (path, from) => {
      followed = undefined;
      if (from !== undefined) return tell(path, await read(path), from);
      followed = { path, told: -1 };
      await look(followed);
    },
    dispose: () => {
      followed = undefined;
      clearInterval(clock);
    },
  };
}

/**
 * The keyboard of a terminal while a run is on screen. Owns stdin: keys reach a prompt only while it is open, and what was
 * typed before it stood there is dropped, so that a stray Enter never answers what nobody has read.
 */
import { PassThrough, type Readable } from "node:stream";
import type { ReadStream } from "node:tty";
import { createKeyReader } from "./keys.ts";

export interface Keyboard {
  /** Called for Ctrl-C outside of a prompt. Returns how to stop listening. */
  onInterrupt(listener: () => void): () => void;
  /**
   * Lets a prompt read keys. `text`: pastes and Alt+Enter become line ends within the text; `keys`: pastes are dropped.
   * Enter is always a carriage return, whichever the terminal sends.
   */
  prompt<T>(reads: "text" | "keys", ask: (input: Readable) => Promise<T>): Promise<T>;
  /** Gives the whole terminal to another program (an editor) for a while. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** Gives stdin back as it was. */
  close(): void;
}

const PASTE_ON = "\u001b[?2004h";
const PASTE_OFF = "\u001b[?2004l";

/** Takes over a terminal's stdin. */
export function openKeyboard(stdin: ReadStream, stdout: NodeJS.WritableStream): Keyboard {
  const listeners = new Set<() => void>();
  let reader: ((chunk: string) => void) | undefined;
  let lent = false;
  const onData = (chunk: Buffer | string): void => {
    const text = chunk.toString();
    if (reader) reader(text);
    else if (text.includes("\u0003")) for (const listener of [...listeners]) listener();
  };
  const take = (): void => {
    stdin.setRawMode(true);
    stdin.on("data", onData);
    stdin.resume();
    stdout.write(PASTE_ON);
  };
  const giveBack = (): void => {
    stdout.write(PASTE_OFF);
    stdin.off("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
  take();
  return {
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    prompt: async (reads, ask) => {
      const input = new PassThrough();
      const keys = createKeyReader(reads);
      reader = (chunk) => {
        const passed = keys(chunk);
        if (passed !== "") input.write(passed);
      };
      try {
        return await ask(input);
      } finally {
        reader = undefined;
        input.destroy();
      }
    },
    lend: async (use) => {
      giveBack();
      lent = true;
      try {
        return await use();
      } finally {
        lent = false;
        take();
      }
    },
    close: () => {
      if (!lent) giveBack();
      listeners.clear();
    },
  };
}

/**
 * What a command printed, kept within bounds and as whole characters. Owns memory and decoding; must not know
 * processes: it is handed bytes.
 */
import { StringDecoder } from "node:string_decoder";

export interface Capture {
  readonly add: (bytes: Uint8Array) => void;
  /** Everything, or beginning and end with a line between them that says how much is missing. */
  readonly text: () => string;
  readonly truncated: () => boolean;
}

/**
 * Keeps at most `limit` bytes: the first half as it came, the rest as a ring over the latest. Bytes that are no
 * UTF-8 become U+FFFD; a character is never cut in two.
 */
export function createCapture(limit: number): Capture {
  const half = Math.floor(limit / 2);
  let kept: Buffer = Buffer.alloc(Math.min(limit, 4096));
  let total = 0;

  const place = (bytes: Uint8Array) => {
    // Past the limit the position runs in circles through the second half.
    const at = total < limit ? total : half + ((total - limit) % (limit - half));
    const end = Math.min(bytes.length, limit - at);
    if (at + end > kept.length) kept = grown(kept, Math.min(limit, 2 * (at + end)));
    kept.set(bytes.subarray(0, end), at);
    total += end;
    return end;
  };
  return {
    add: (bytes) => {
      for (let done = 0; done < bytes.length; ) done += place(bytes.subarray(done));
    },
    text: () => {
      if (total <= limit) return kept.toString("utf8", 0, total);
      const seam = half + ((total - limit) % (limit - half));
      const head = wholeEnd(kept.subarray(0, half));
      const tail = wholeStart(Buffer.concat([kept.subarray(seam), kept.subarray(half, seam)]));
      const missing = total - head.length - tail.length;
      return `${head.toString("utf8")}\n[... ${missing} bytes left out ...]\n${tail.toString("utf8")}`;
    },
    truncated: () => total > limit,
  };
}

export interface LineReader {
  readonly add: (bytes: Uint8Array) => void;
  /** Hands on an unfinished last line. */
  readonly end: () => void;
}

/** Hands on each line without its ending; one longer than `longest` characters comes in pieces. */
export function createLineReader(take: (line: string) => void, longest = 16_384): LineReader {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const read = (text: string) => {
    // Only what is new is searched: a line may come in a hundred pieces.
    const [first = "", ...others] = text.split("\n");
    const lines = [rest + first, ...others];
    rest = lines.pop() ?? "";
    for (const line of lines) take(line.endsWith("\r") ? line.slice(0, -1) : line);
    for (; rest.length > longest; rest = rest.slice(longest)) take(rest.slice(0, longest));
  };
  return {
    add: (bytes) => read(decoder.write(bytes)),
    end: () => {
      read(decoder.end());
      if (rest !== "") take(rest);
      rest = "";
    },
  };
}

function grown(kept: Buffer, size: number): Buffer {
  const larger = Buffer.alloc(size);
  kept.copy(larger);
  return larger;
}

/** Without the bytes of a character that is cut off at the end. */
function wholeEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Without the bytes of a character whose beginning is missing. */
function wholeStart(bytes: Buffer): Buffer {
  let skip = 0;
  while (skip < 3 && isContinuation(bytes[skip] ?? 0)) skip++;
  return bytes.subarray(skip);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

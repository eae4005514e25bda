/** Takes lines and counted bytes from a stream of chunks. Owns what is left over between them; knows no format. */

export interface ByteReader {
  /** The next line with its line feed; undefined when it is longer than `most` bytes or the stream ends before it. */
  line(most: number): Promise<Buffer | undefined>;
  /** So many bytes; undefined when the stream ends before them. */
  take(count: number): Promise<Buffer | undefined>;
  /** How many bytes follow, up to the next chunk: 0 only at the end. */
  rest(): Promise<number>;
}

export function readBytes(chunks: AsyncIterable<Buffer>): ByteReader {
  const source = chunks[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let size = 0;
  const more = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done) return false;
    held.push(next.value);
    size += next.value.length;
    return true;
  };
  const cut = (count: number): Buffer => {
    const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
    held = count < all.length ? [all.subarray(count)] : [];
    size -= count;
    return all.subarray(0, count);
  };
  return {
    line: async (most) => {
      for (;;) {
        const all = Buffer.concat(held);
        held = [all];
        const end = all.indexOf(10);
        if (end >= 0) return end < most ? cut(end + 1) : undefined;
        if (all.length > most || !(await more())) return undefined;
      }
    },
    take: async (count) => {
      while (size < count) if (!(await more())) return undefined;
      return cut(count);
    },
    rest: async () => {
      while (size === 0) if (!(await more())) return 0;
      return size;
    },
  };
}

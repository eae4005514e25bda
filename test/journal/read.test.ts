import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { JournalFailure } from "../../src/engine/journal.ts";
import { createDisk } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import { createScanner } from "../../src/journal/read.ts";
import { encodeAdoption, encodeHeader, encodeRecord } from "../../src/journal/record.ts";
import { runPaths } from "../../src/journal/runFolder.ts";
import { event } from "./contract.ts";
import { inScratch, place, RUN, tenure } from "./scratch.ts";

const header = encodeHeader({ run: RUN, fence: 1, at: 1 });

function line(seq: number, fence = 1, synced = seq - 1, text = ""): string {
  const body = JSON.stringify(event(seq, text ? { text } : {}));
  return encodeRecord({ seq, fence, at: seq }, body, synced);
}

function read(text: string | Buffer) {
  const bytes = Buffer.from(text);
  const scanner = createScanner("/run/journal.jsonl");
  scanner.scan(bytes, 0);
  const { records, ...reading } = scanner.reading(bytes.length);
  return { ...reading, seqs: records.map(({ seq, fence }) => `${seq}/${fence}`), records };
}

function damage(text: string | Buffer): JournalFailure {
  try {
    read(text);
  } catch (error) {
    if (error instanceof JournalFailure) return error;
    throw error;
  }
  return assert.fail("read without complaint");
}

describe("a torn tail", () => {
  const whole = header + line(1) + line(2) + line(3);

  it("is cut off at every byte of the last record", () => {
    const start = whole.length - line(3).length;
    for (let size = start; size < whole.length; size += 1) {
      const got = read(whole.slice(0, size));
      assert.deepEqual(got.seqs, ["1/1", "2/1"]);
      assert.deepEqual([got.end, got.tornBytes], [start, size - start]);
    }
  });

  it("may be a header that never got whole", () => {
    for (let size = 0; size < header.length; size += 1) {
      const got = read(header.slice(0, size));
      assert.deepEqual([got.header, got.end, got.tornBytes], [undefined, 0, size]);
    }
  });

  it("may have its later records whole and its first ones lost", () => {
    const group = [line(4, 1, 3), line(5, 1, 3), line(6, 1, 3)];
    const holes = Buffer.from(whole + group.join(""));
    holes.fill(0, whole.length, whole.length + 30);
    assert.deepEqual(read(holes).seqs, ["1/1", "2/1", "3/1"]);
    assert.equal(read(holes).tornBytes, group.join("").length);
  });

  it("is reported and cut when the run is opened again", () =>
    inScratch(async (folder) => {
      const file = runPaths(folder).journal;
      await fs.writeFile(file, whole.slice(0, -5));
      const opened = await openJournal(place(createDisk(), folder, tenure(2)));
      assert.equal(opened.tornBytes, line(3).length - 5);
      await opened.journal.append([event(3)], 3);
      await opened.journal.close();
      assert.doesNotMatch(await fs.readFile(file, "utf8"), /"seq":3,"fence":1/);
      assert.deepEqual(read(await fs.readFile(file)).seqs, ["1/1", "2/1", "3/2"]);
    }));

  it("stays, but does not count, while its writer may live", () =>
    inScratch(async (folder) => {
      const file = runPaths(folder).journal;
      await fs.writeFile(file, whole.slice(0, -5));
      const owner = tenure(2, { earlierDead: false });
      const opened = await openJournal(place(createDisk(), folder, owner));
      await fs.appendFile(file, `${line(3).slice(-5)}${line(4)}{"half`);
      await opened.journal.append([event(3)], 3);
      await opened.journal.close();
      assert.deepEqual(read(await fs.readFile(file)).seqs, ["1/1", "2/1", "3/2"]);
    }));
});

describe("damage", () => {
  it("in the middle is told with its place, for every byte", () => {
    const lines = [header, line(1), line(2), line(3), line(4)];
    const whole = Buffer.from(lines.join(""));
    let start = header.length;
    for (const broken of [1, 2]) {
      const length = lines[broken]?.length ?? 0;
      for (let at = start; at < start + length; at += 1) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        const failure = damage(bytes);
        assert.equal(failure.code, "damaged");
        assert.equal(failure.offset, start);
        assert.match(failure.message, new RegExp(`damaged at byte ${start}: record ${broken} was`));
      }
      start += length;
    }
  });

  it("of the first line counts as soon as a second write followed", () => {
    const bytes = Buffer.from(header + line(1) + line(2));
    bytes[20] = 0;
    assert.equal(damage(bytes).offset, 0);
  });

  it("is a line that is gone, a fence that nobody adopted, a number twice", () => {
    assert.equal(damage(header + line(1) + line(3)).offset, header.length + line(1).length);
    assert.equal(damage(header + line(1) + line(2, 2)).code, "damaged");
    assert.equal(damage(header + line(1) + line(1)).code, "damaged");
  });

  it("stops the run and leaves the file as it is", () =>
    inScratch(async (folder) => {
      const file = runPaths(folder).journal;
      const text = header + line(1).replace('"n":1', '"n":7') + line(2);
      await fs.writeFile(file, text);
      const opening = openJournal(place(createDisk(), folder, tenure(2)));
      await assert.rejects(
        opening,
        (why) => why instanceof JournalFailure && why.code === "damaged",
      );
      assert.equal(await fs.readFile(file, "utf8"), text);
    }));

  it("is a blob that is missing or has other bytes", () =>
    inScratch(async (folder) => {
      const first = await openJournal(place(createDisk(), folder));
      await first.journal.append([event(1), event(2, { text: "long ".repeat(5000) })], 1);
      await first.journal.close();
      const blobs = path.join(folder, "blobs");
      const [name = ""] = await fs.readdir(blobs);
      await fs.appendFile(path.join(blobs, name), "x");
      const opening = openJournal(place(createDisk(), folder, tenure(2)));
      await assert.rejects(opening, (why) => {
        assert.ok(why instanceof JournalFailure && why.code === "damaged");
        assert.match(why.message, /record 2 names a value/);
        assert.equal(typeof why.offset, "number");
        return true;
      });
    }));

  it("never makes reading fail in any other way", () => {
    const whole = Buffer.from(
      header + line(1) + line(2, 1, 0) + encodeAdoption({ fence: 2, at: 1, after: 9 }),
    );
    for (let at = 0; at < whole.length; at += 1) {
      for (const value of [0, 10, 34, 36, 255]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        try {
          read(bytes);
        } catch (error) {
          assert.ok(error instanceof JournalFailure, String(error));
        }
      }
    }
  });
});

describe("a newer format", () => {
  for (const [what, text] of [
    [
      "sealed as ours",
      '{"type":"journal","format":2,"run":"r","fence":1,"at":1,"crc":"00000000"}\n',
    ],
    ["sealed otherwise", '{"type":"journal","format":3,"hash":"abc"}\nwhatever\n'],
  ] as const) {
    it(`${what} is refused and untouched`, () =>
      inScratch(async (folder) => {
        const file = runPaths(folder).journal;
        await fs.writeFile(file, text);
        const opening = openJournal(place(createDisk(), folder, tenure(2)));
        await assert.rejects(opening, (why) => {
          assert.ok(why instanceof JournalFailure && why.code === "newer_format");
          assert.match(why.message, /format [23], which is newer/);
          return true;
        });
        assert.equal(await fs.readFile(file, "utf8"), text);
      }));
  }
});

describe("a change of owner", () => {
  const before = header + line(1) + line(2);
  const adopt = (fence: number, after: number) => encodeAdoption({ fence, at: 1, after });

  it("voids what the old owner wrote between the reading and the adoption", () => {
    const late = line(3);
    const got = read(before + late + adopt(2, before.length) + line(3, 2));
    assert.deepEqual(got.seqs, ["1/1", "2/1", "3/2"]);
    assert.equal(got.fence, 2);
  });

  it("voids what the old owner wrote after it, whole or not", () => {
    const got = read(
      `${before}${adopt(2, before.length)}${line(3)}{"seq":4,"fe\n${line(3, 2)}${line(4)}`,
    );
    assert.deepEqual(got.seqs, ["1/1", "2/1", "3/2"]);
    assert.equal(got.tornBytes, 0);
  });

  it("does not listen to an older owner's adoption", () => {
    const got = read(before + adopt(3, before.length) + line(3, 3) + adopt(2, 0) + line(4, 3));
    assert.deepEqual(got.seqs, ["1/1", "2/1", "3/3", "4/3"]);
  });

  it("lets a journal go on whose torn tail was left in it", () => {
    const torn = line(3).slice(0, 20);
    const got = read(`${before}${torn}\n${adopt(2, before.length)}${line(3, 2)}`);
    assert.deepEqual(got.seqs, ["1/1", "2/1", "3/2"]);
  });

  it("may come before the first line of a new journal was ever whole", () => {
    const own = encodeHeader({ run: RUN, fence: 2, at: 1 });
    const got = read(`${header.slice(0, 9)}\n${own}${adopt(2, 0)}${line(1, 2)}`);
    assert.deepEqual(got.seqs, ["1/2"]);
    const zombie = read(
      `${header.slice(0, 9)}\n${header}${line(1)}${own}${adopt(2, 0)}${line(1, 2)}`,
    );
    assert.deepEqual(zombie.seqs, ["1/2"]);
  });
});

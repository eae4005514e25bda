import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import {
  createDisk,
  createLimit,
  createSynced,
  type Disk,
  errorCode,
  sharedByPath,
} from "../../src/journal/disk.ts";
import { createSimulatedDisk } from "../simulation/disk.ts";
import { inScratch } from "./scratch.ts";

async function code(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => errorCode(error),
  );
}

/** What both disks do alike; the tests on the simulated one mean something only as far as this goes. */
function diskContract(
  name: string,
  open: (body: (disk: Disk, root: string) => Promise<void>) => Promise<void>,
) {
  const test = (title: string, body: (disk: Disk, at: (name: string) => string) => Promise<void>) =>
    it(title, () => open((disk, root) => body(disk, (file) => `${root}/${file}`)));

  describe(`disk contract: ${name}`, () => {
    test("appends at the present end, whoever else does", async (disk, at) => {
      const one = await disk.openAppend(at("f"));
      const two = await disk.openAppend(at("f"));
      assert.equal(await one.write(Buffer.from("ab")), 2);
      assert.equal(await two.write(Buffer.from("cd")), 2);
      await one.write(Buffer.from("e"));
      assert.equal(await two.size(), 5);
      assert.equal((await disk.read(at("f"))).toString(), "abcde");
      assert.equal((await disk.read(at("f"), 3)).toString(), "de");
      assert.equal(await one.truncate(1, at("f")), false);
      assert.equal(await one.truncate(2, at("none")), true);
      await two.write(Buffer.from("z"));
      await two.datasync();
      assert.equal((await disk.read(at("f"))).toString(), "abz");
      await one.close();
      await two.close();
    });

    test("says in Node's codes what cannot be", async (disk, at) => {
      await disk.create(at("a"), Buffer.from("1"));
      await disk.makeFolder(at("d"));
      assert.equal(await code(disk.create(at("a"), Buffer.from("2"))), "EEXIST");
      assert.equal(await code(disk.link(at("a"), at("a"))), "EEXIST");
      assert.equal(await code(disk.makeFolder(at("d"))), "EEXIST");
      assert.equal(await code(disk.read(at("none"))), "ENOENT");
      assert.equal(await code(disk.unlink(at("none"))), "ENOENT");
      assert.equal(await code(disk.list(at("none"))), "ENOENT");
      assert.equal(await code(disk.makeFolder(at("none/d"))), "ENOENT");
      assert.equal(await code(disk.touch(at("none"), 1)), "ENOENT");
      assert.equal(await disk.stat(at("none")), undefined);
      assert.equal((await disk.stat(at("d")))?.isFile, false);
    });

    test("links, renames, removes and dates", async (disk, at) => {
      await createSynced(disk, at("a"), Buffer.from("text"));
      await disk.link(at("a"), at("b"));
      await disk.unlink(at("a"));
      await disk.create(at("c"), Buffer.from("old"));
      await disk.rename(at("b"), at("c"));
      await disk.syncFolder(at("."));
      assert.equal((await disk.read(at("c"))).toString(), "text");
      await disk.touch(at("c"), 86_400_000);
      assert.deepEqual(await disk.stat(at("c")), { size: 4, mtimeMs: 86_400_000, isFile: true });
      assert.deepEqual(await disk.list(at(".")), ["c"]);
    });
  });
}

diskContract("real", (body) =>
  inScratch(async (folder) => {
    await fs.rmdir(path.join(folder, "blobs"));
    await body(createDisk(), folder);
  }),
);

diskContract("simulated", (body) => body(createSimulatedDisk({ seed: 1 }), ""));

describe("simulated disk", () => {
  it("writes over what is there, and over nothing else", () =>
    inScratch(async (folder) => {
      const file = path.join(folder, "a");
      const disk = createDisk();
      await disk.create(file, Buffer.from("0123456789"));
      await disk.rewrite(file, 3, Buffer.from("345"));
      assert.equal(String(await disk.read(file)), "0123456789");
      await disk.rewrite(file, 8, Buffer.from("AB"));
      assert.equal(String(await disk.read(file)), "01234567AB");
    }));

  it("keeps of a power cut what was synced, and names only with their folder", async () => {
    const disk = createSimulatedDisk({ seed: 1 });
    const file = await disk.openAppend("/f");
    await file.write(Buffer.from("kept"));
    await file.datasync();
    await file.write(Buffer.from("lost"));
    assert.deepEqual(await disk.restart("nothing").list("/"), []);
    assert.equal((await disk.restart("everything").read("/f")).toString(), "keptlost");
  });

  it("never makes durable what a failed sync was given", async () => {
    let failing = true;
    const disk = createSimulatedDisk({
      seed: 5,
      fault: ({ kind }) => (kind === "datasync" && failing ? { code: "EIO" } : undefined),
    });
    const file = await disk.openAppend("/f");
    await disk.syncFolder("/");
    await file.write(Buffer.alloc(50_000, "x"));
    assert.equal(await code(file.datasync()), "EIO");
    failing = false;
    await file.datasync();
    assert.equal((await disk.read("/f")).includes(0), false, "the system still shows it");
    const left = await disk.restart("nothing").read("/f");
    assert.ok(left.includes(0) || left.length < 50_000);
  });

  it("never answers again after its crash, and says when it comes", async () => {
    const disk = createSimulatedDisk({ seed: 1, crashAt: 2 });
    await disk.makeFolder("/a");
    const silent = disk.makeFolder("/b").then(() => "answered");
    assert.equal(await Promise.race([silent, disk.crashed.then(() => "crashed")]), "crashed");
    assert.deepEqual(await disk.restart("everything").list("/"), ["a"]);
  });
});

describe("limit", () => {
  it("lets two run at once, the others in order, and goes on after a failure", async () => {
    const limit = createLimit(2);
    const running = new Set<number>();
    const order: number[] = [];
    let most = 0;
    const jobs = Array.from({ length: 9 }, (_, n) =>
      limit(async () => {
        running.add(n);
        order.push(n);
        most = Math.max(most, running.size);
        for (let turns = 0; turns < 5 - (n % 3); turns += 1) await Promise.resolve();
        running.delete(n);
        if (n === 3) throw new Error("one fails");
        return n;
      }),
    );
    const results = await Promise.allSettled(jobs);
    assert.equal(most, 2);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(results.filter(({ status }) => status === "rejected").length, 1);
  });
});

describe("shared job", () => {
  it("serves all who asked before it began, and nobody who asked later", async () => {
    const begun: string[] = [];
    let end = () => {};
    const job = (path: string) => {
      begun.push(path);
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    const ask = sharedByPath(createLimit(1), job);
    const first = ask("/a");
    const late = [ask("/a"), ask("/a"), ask("/b")];
    assert.deepEqual(begun, ["/a"], "it began at once, so those behind it need another");
    end();
    await first;
    end();
    await Promise.all(late.slice(0, 2));
    end();
    await late[2];
    assert.deepEqual(begun, ["/a", "/a", "/b"]);
  });
});

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { createDisk, errorCode } from "../../src/journal/disk.ts";
import {
  createRunFolder,
  isRunId,
  listRuns,
  newRunId,
  runFolder,
} from "../../src/journal/runFolder.ts";
import { stateFolder, stateRoot, workspaceKey } from "../../src/journal/stateFolder.ts";
import { createSimulatedDisk } from "../simulation/disk.ts";
import { inScratch } from "./scratch.ts";

const random = (count: number) => randomBytes(count);

describe("run folder", () => {
  it("has a name of run_ and 12 characters of lower-case base 32", () => {
    assert.equal(
      newRunId((count) => new Uint8Array(count)),
      "run_aaaaaaaaaaaa",
    );
    assert.equal(
      newRunId((count) => new Uint8Array(count).fill(255)),
      "run_777777777777",
    );
    const names = new Set(Array.from({ length: 1000 }, () => newRunId(random)));
    assert.equal(names.size, 1000);
    for (const name of names) assert.match(name, /^run_[a-z2-7]{12}$/);
    assert.ok(!isRunId("run_../../../etc") && !isRunId("run_AAAAAAAAAAAA") && !isRunId("runs"));
  });

  it("is made once, with what belongs in it, and listed", () =>
    inScratch(async (scratch) => {
      const disk = createDisk();
      const state = path.join(scratch, "deep", "state");
      assert.deepEqual(await listRuns(disk, state), []);
      const run = newRunId(random);
      const { folder } = await createRunFolder({ disk, state, run, random });
      assert.equal(folder, runFolder(state, run));
      const names = (await fs.readdir(folder)).sort();
      assert.deepEqual(names, ["blobs", "inbox", "inbox.key", "journal.jsonl", "output"]);
      await fs.writeFile(path.join(state, "runs", "notes.txt"), "");
      assert.deepEqual(await listRuns(disk, state), [run]);
      const again = await createRunFolder({ disk, state, run, random }).catch(
        (why: unknown) => why,
      );
      assert.equal(errorCode(again), "EEXIST");
    }));

  it("is still there after a power cut", async () => {
    const disk = createSimulatedDisk({ seed: 1 });
    const run = newRunId(random);
    await createRunFolder({ disk, state: "/state/fermata/w", run, random });
    assert.deepEqual(await listRuns(disk.restart("nothing"), "/state/fermata/w"), [run]);
  });

  it("is still there though who made the folders above it died before their sync", async () => {
    for (const missing of [
      "/state",
      "/state/fermata",
      "/state/fermata/w",
      "/state/fermata/w/runs",
    ]) {
      const disk = createSimulatedDisk({ seed: 1 });
      const names = missing.split("/").slice(1);
      for (const depth of names.keys())
        await disk.makeFolder(`/${names.slice(0, depth + 1).join("/")}`);
      const run = newRunId(random);
      await createRunFolder({ disk, state: "/state/fermata/w", run, random });
      assert.deepEqual(await listRuns(disk.restart("nothing"), "/state/fermata/w"), [run], missing);
    }
  });
});

describe("state folder", () => {
  it("is the platform's, absolute paths only", () => {
    const root = (platform: string, env: Record<string, string>, home = "/home/u") =>
      stateRoot({ platform, env, home });
    assert.equal(root("linux", {}), "/home/u/.local/state");
    assert.equal(root("linux", { XDG_STATE_HOME: "/var/s" }), "/var/s");
    assert.equal(root("linux", { XDG_STATE_HOME: "here" }), "/home/u/.local/state");
    assert.equal(root("darwin", {}), "/home/u/Library/Application Support");
    assert.equal(root("win32", { LOCALAPPDATA: "D:\\l" }, "C:\\u"), "D:\\l");
    assert.equal(root("win32", {}, "C:\\u"), "C:\\u\\AppData\\Local");
  });

  it("has a readable key that differs for every workspace", () => {
    const hash = createHash("sha256").update("/a/My Café").digest("hex").slice(0, 12);
    assert.equal(workspaceKey("/a/My Café", "linux"), `my-cafe-${hash}`);
    assert.notEqual(workspaceKey("/a/x", "linux"), workspaceKey("/b/x", "linux"));
    assert.match(workspaceKey("/", "linux"), /^workspace-[0-9a-f]{12}$/);
    assert.match(workspaceKey("C:\\Work\\API", "win32"), /^api-[0-9a-f]{12}$/);
  });

  it("is the same by whatever way one comes to the workspace", () =>
    inScratch(async (scratch) => {
      const real = path.join(scratch, "real");
      const link = path.join(scratch, "link");
      await fs.mkdir(real);
      await fs.symlink(real, link);
      const of = (workspace: string) =>
        stateFolder({ workspace, env: { XDG_STATE_HOME: "/s" }, platform: "linux", home: "/h" });
      assert.equal(of(link), of(`${real}/`));
      assert.match(of(link), /^\/s\/fermata\/real-[0-9a-f]{12}$/);
      assert.throws(() => of(path.join(scratch, "missing")), /ENOENT/);
    }));
});

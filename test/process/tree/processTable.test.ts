import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { createProcessTable, parsePs, readEpoch } from "../../../src/process/tree/processTable.ts";
import { until } from "../until.ts";

const onLinux = { skip: existsSync("/proc/self/stat") ? false : "needs /proc" };

test("reads what macOS' ps prints", () => {
  const text = `
    1     0     1 Ss   Mon Mar  2 10:00:00 2026
  812   700   812 S+   Mon Mar  2 10:00:05 2026
  813   812   812 Z+   Mon Mar  2 10:00:06 2026
`;
  const [first, second, third] = parsePs(text);
  assert.equal(first?.pid, 1);
  assert.deepEqual(
    { ...second, start: 0 },
    { pid: 812, parent: 700, group: 812, session: 812, start: 0 },
  );
  assert.equal((second?.start ?? 0) - (first?.start ?? 0), 5);
  assert.equal(third, undefined, "a zombie does not live");
});

test("both ways to ask agree on ourselves", onLinux, () => {
  const [proc, ps] = [createProcessTable("linux"), createProcessTable("darwin")];
  const [one, other] = [proc?.find(process.pid), ps?.find(process.pid)];
  assert.equal(one?.parent, process.ppid);
  assert.deepEqual([other?.pid, other?.parent, other?.group], [one?.pid, one?.parent, one?.group]);
});

test("finds who carries a marker", onLinux, async (t) => {
  const marker = `marker-${process.pid}`;
  const child = spawn("sleep", ["300"], { env: { ...process.env, MARKER: marker } });
  t.after(() => child.kill("SIGKILL"));
  const table = createProcessTable();
  const pid = await until("its own environment", () => {
    return table?.carriers(table.list(), marker).find((entry) => entry.pid === child.pid)?.pid;
  });
  assert.equal(pid, child.pid);
  assert.deepEqual(table?.carriers(table.list(), `no-${marker}`), []);
});

test("an epoch names boot and namespace", onLinux, () => {
  assert.match(readEpoch()?.boot ?? "", /^[0-9a-f-]{36}$/);
  assert.match(readEpoch()?.space ?? "", /^pid:\[\d+\]$/);
  assert.equal(readEpoch("win32"), undefined);
  assert.equal(createProcessTable("win32"), undefined);
});

/** How the workers fare: real figures of this process and machine, times and failures from the logs, and parity of the data. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { JsonObject } from "../../../src/util/json.ts";
import type { Operation } from "../../../src/workerKit/createWorker.ts";
import { asJson, type Folder, readJson, sha256 } from "../lib/folder.ts";
import { parameters, ROLLS, rollsOf, share } from "../lib/parameters.ts";
import { readProcessed, readRows, readStore } from "../lib/records.ts";
import { readRunning } from "../lib/running.ts";

export interface LoggedOperation {
  readonly worker: string;
  readonly operation: string;
  readonly event: "completed" | "failed";
  readonly ms: number;
}

const delay = monitorEventLoopDelay({ resolution: 10 });

export function performanceWorker(folder: Folder): Readonly<Record<string, Operation>> {
  delay.enable();
  return {
    monitor_health: {
      description:
        "Asks workers (those that were started, unless given) whether they are well, and tells how this process and machine are.",
      parameters: parameters({
        workers: { type: "object", additionalProperties: { type: "string" } },
      }),
      run: async ({ workers = {} }, { signal }) => {
        const given = Object.entries(workers as JsonObject);
        const started = readRunning(folder.work).map(({ name, url }) => [name, url] as const);
        const asked = given.length > 0 ? given : started;
        const services = await Promise.all(
          asked.map(([name, url]) => health(name, String(url), signal)),
        );
        const well = services.filter(({ healthy }) => healthy).length;
        const confidence = services.length === 0 ? 1 : share(well, services.length);
        return {
          result: asJson({
            services,
            healthy: well,
            process: processFigures(),
            machine: machineFigures(),
          }),
          confidence,
        };
      },
    },
    analyze_performance: {
      description:
        "Times (p50, p95, p99) and failures of every operation in the workers' logs, the slowest first.",
      parameters: parameters({ slow_ms: { type: "number", minimum: 0 } }),
      run: ({ slow_ms = 1000 }) => {
        const operations = analyze(readLogs(folder));
        const bottlenecks = operations.filter(({ p95_ms }) => p95_ms > Number(slow_ms));
        const failing = operations.filter(({ failed }) => failed > 0);
        return { result: asJson({ operations, bottlenecks, failing, process: processFigures() }) };
      },
    },
    check_data_parity: {
      description:
        "Whether every row that was fetched is processed or set aside, and what is processed is stored.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const store = readStore(folder);
        const rolls = rollsOf({ ...given, datasets: ["NAL"] }).map(({ name }) => {
          const file = folder.raw(`${name}.csv`);
          const source = folder.source(`${name}.csv`);
          const records = readProcessed(folder, name);
          const rejected = readJson<readonly unknown[]>(
            folder.processed(`${name}.rejected.json`),
            [],
          ).length;
          const stored = records.filter(({ parcel_id }) => store[parcel_id]).length;
          const fetched = readRows(file).length;
          const true_copy =
            existsSync(file) && existsSync(source) && sha256(file) === sha256(source);
          const parity =
            true_copy && fetched === records.length + rejected && stored === records.length;
          return { name, fetched, processed: records.length, rejected, stored, true_copy, parity };
        });
        return { result: asJson({ rolls, parity: rolls.every(({ parity }) => parity) }) };
      },
    },
    track_completion: {
      description: "How far each roll has come: fetched, processed, stored.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const store = readStore(folder);
        const rolls = rollsOf({ ...given, datasets: ["NAL"] }).map(({ name }) => {
          const records = readProcessed(folder, name);
          const steps = [
            existsSync(folder.raw(`${name}.csv`)),
            records.length > 0,
            records.length > 0 && records.every(({ parcel_id }) => store[parcel_id]),
          ];
          return { name, completion: share(steps.filter(Boolean).length, steps.length) * 100 };
        });
        const whole =
          rolls.reduce((sum, { completion }) => sum + completion, 0) / Math.max(1, rolls.length);
        return { result: asJson({ rolls, completion: whole }) };
      },
    },
  };
}

/** What the workers' logs say of operations that ended. */
export function readLogs(folder: Folder): readonly LoggedOperation[] {
  const logs = dirname(folder.log("x"));
  const files = readdirSync(logs).filter((name) => name.endsWith(".log"));
  return files.flatMap((name) =>
    readFileSync(join(logs, name), "utf8")
      .split("\n")
      .flatMap((line) => {
        if (!/"event":"(completed|failed)"/.test(line)) return [];
        try {
          return [JSON.parse(line) as LoggedOperation];
        } catch {
          return [];
        }
      }),
  );
}

export interface OperationFigures {
  readonly worker: string;
  readonly operation: string;
  readonly count: number;
  readonly failed: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
}

export function analyze(logged: readonly LoggedOperation[]): readonly OperationFigures[] {
  const groups = new Map<string, LoggedOperation[]>();
  for (const one of logged) {
    const key = `${one.worker} ${one.operation}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const figures = [...groups.values()].map((group) => {
    const times = group.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (part: number) =>
      times[Math.min(times.length - 1, Math.ceil(part * times.length) - 1)] ?? 0;
    const { worker = "", operation = "" } = group[0] ?? {};
    return {
      ...{ worker, operation, count: group.length },
      failed: group.filter(({ event }) => event === "failed").length,
      ...{ p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) },
    };
  });
  return figures.sort((a, b) => b.p95_ms - a.p95_ms);
}

async function health(name: string, url: string, signal: AbortSignal) {
  const began = performance.now();
  const within = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/health`, { signal: within });
    const body = (await response.json()) as JsonObject;
    const healthy = response.ok && body.status === "healthy";
    return {
      name,
      healthy,
      ms: Math.round(performance.now() - began),
      active: body.active_operations ?? 0,
    };
  } catch (error) {
    return {
      name,
      healthy: false,
      ms: Math.round(performance.now() - began),
      error: String(error),
    };
  }
}

function processFigures(): JsonObject {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    pid: process.pid,
    rss_bytes: rss,
    heap_bytes: heapUsed,
    cpu_ms: Math.round((user + system) / 1000),
    uptime_seconds: Math.round(process.uptime()),
    event_loop_p99_ms: Math.round(delay.percentile(99) / 1e6),
  };
}

function machineFigures(): JsonObject {
  return {
    cores: availableParallelism(),
    load: loadavg(),
    free_bytes: freemem(),
    total_bytes: totalmem(),
  };
}

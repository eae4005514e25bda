/**
 * A worker: named operations behind `GET /health` and `POST /operations`, as docs/workers.md says, with everything around
 * them that is the same for all. Owns the HTTP side; what an operation does is its author's.
 */
import type { ServerType } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { JsonObject } from "../util/json.ts";
import { createAnswers } from "./answers.ts";
import { checkOptions } from "./checkOptions.ts";
import { isMeant, listen } from "./listen.ts";
import { openLog, type WorkerLog } from "./log.ts";
import type { WorkerOptions } from "./operation.ts";
import { type Performed, performOperation, type Tally } from "./perform.ts";
import { type CheckedRequest, checkRequest } from "./request.ts";

export type { Operation, OperationContext, OperationOutcome, WorkerOptions } from "./operation.ts";

export interface Worker {
  readonly name: string;
  readonly app: Hono;
  /** Listens, once; gives the address. Rejects when it cannot, or was stopped. */
  start(): Promise<string>;
  /** Takes nothing new, lets what runs finish for so long (ms, 10 s), aborts it, and a second later hangs up. */
  stop(grace?: number): Promise<void>;
}

const MAX_BODY = 1024 * 1024;
/** What an operation may take to answer once it is aborted, in ms. */
const LAST_WORDS = 1000;

/** Makes a worker; it listens once it is started. Throws where the options cannot be meant. */
export function createWorker(options: WorkerOptions): Worker {
  checkOptions(options);
  const { name, host = "127.0.0.1", port = 0 } = options;
  const tally: Tally = { active: 0, completed: 0, failed: 0, running: new Set() };
  const log = openLog(name, options.logFile);
  const answers = createAnswers(options.answersFile, (error) =>
    log.write("error", "answer not kept", { error }),
  );
  const ending = new AbortController();
  const started = Date.now();
  const app = new Hono();
  let listening: Promise<ServerType> | undefined;
  let stopping = false;

  app.use(async (c, next) => {
    if (!isMeant(c.req.header("host"), host)) return refuse(c, 403, `This is not ${name}'s name.`);
    return await next();
  });
  app.get("/health", (c) => c.json(healthOf(options, tally, started, stopping)));
  app.use("/operations/*", async (c, next) => {
    if (!allows(options, c)) return refuse(c, 401, "It needs the worker's token.");
    return await next();
  });
  app.get("/operations", (c) => c.json(listOf(options)));
  app.get("/operations/:id", (c) => {
    const found = answers.byId(c.req.param("id"));
    return found
      ? c.json(found)
      : refuse(c, 404, "There is no such operation, or it is forgotten.");
  });
  app.post(
    "/operations",
    bodyLimit({ maxSize: MAX_BODY, onError: (c) => refuse(c, 413, "It is larger than 1 MiB.") }),
    async (c) => {
      if (stopping) return refuse(c, 503, `${name} is stopping.`);
      const checked = await checkRequest(c, options.operations);
      if (!checked.ok) {
        log.write("warn", "refused", { status: checked.status, error: checked.error });
        return c.json({ ...checked.more, error: checked.error }, checked.status);
      }
      return await answer(c, checked.request);
    },
  );
  app.notFound((c) => refuse(c, 404, "There is GET /health and POST /operations."));

  async function answer(c: Context, request: CheckedRequest): Promise<Response> {
    const work = () => performOperation({ options, request, tally, log, stopped: ending.signal });
    const said = await answers.once(request, work);
    if (said === "other") {
      return refuse(c, 422, "This idempotency key was used for another request.");
    }
    if (said.replayed)
      log.write("info", "replayed", { key: request.key ?? "", ...idOf(said.performed) });
    if (said.replayed) c.header("idempotent-replay", "true");
    return c.json(said.performed.answer, said.performed.status);
  }

  return {
    name,
    app,
    start: async () => {
      if (stopping) throw new Error(`${name} was stopped. Make another worker.`);
      const first = listening === undefined;
      listening ??= listen(app, name, host, port);
      const server = await listening;
      const address = server.address();
      const url = `http://${host}:${typeof address === "object" && address ? address.port : port}`;
      if (first) log.write("info", "started", { url, pid: process.pid });
      return url;
    },
    stop: async (grace = 10_000) => {
      stopping = true;
      await settled(tally, grace);
      ending.abort();
      await closed(await listening?.catch(() => undefined));
      await stopped(log, tally);
    },
  };
}

function healthOf(
  { name, operations, answersFile, health }: WorkerOptions,
  { active, completed, failed }: Tally,
  started: number,
  stopping: boolean,
): JsonObject {
  return {
    status: stopping ? "stopping" : "healthy",
    worker: name,
    operations: Object.keys(operations),
    active_operations: active,
    completed_operations: completed,
    failed_operations: failed,
    uptime_seconds: Math.round((Date.now() - started) / 1000),
    // What is only in memory is forgotten by a worker that starts again.
    idempotent: answersFile !== undefined,
    ...health?.(),
  };
}

function listOf({ operations }: WorkerOptions): JsonObject {
  const listed = Object.entries(operations).map(([operation, { description, parameters }]) => ({
    operation,
    description,
    parameters,
  }));
  return { operations: listed };
}

function allows({ token }: WorkerOptions, c: Context): boolean {
  return token === undefined || c.req.header("authorization") === `Bearer ${token}`;
}

type Status = 401 | 403 | 404 | 413 | 422 | 503;

function refuse(c: Context, status: Status, error: string): Response {
  return c.json({ error }, status);
}

function idOf({ answer }: Performed): JsonObject {
  return { operation_id: answer.operation_id };
}

/** What runs has ended, or so much time has gone by. */
async function settled({ running }: Tally, grace: number): Promise<void> {
  const timer = new AbortController();
  const late = new Promise<void>((resolve) => {
    const id = setTimeout(resolve, grace);
    timer.signal.addEventListener("abort", () => {
      clearTimeout(id);
      resolve();
    });
  });
  await Promise.race([Promise.allSettled([...running]), late]);
  timer.abort();
}

async function closed(server: ServerType | undefined): Promise<void> {
  if (!server) return;
  const hangUp = setTimeout(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  }, LAST_WORDS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
  clearTimeout(hangUp);
}

async function stopped(log: WorkerLog, { completed, failed }: Tally): Promise<void> {
  log.write("info", "stopped", { completed, failed });
  await log.close();
}

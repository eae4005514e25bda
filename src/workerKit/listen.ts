/** Where a worker listens, and by which names it may be asked there. Owns the server's start; knows no operation. */
import { type ServerType, serve } from "@hono/node-server";
import type { Hono } from "hono";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]", "::1"]);

/** Listens; rejects with why it cannot. */
export function listen(
  app: Hono,
  name: string,
  hostname: string,
  port: number,
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port }, () => resolve(server));
    server.once("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE";
      const why = taken
        ? `another program has the port ${port}. Stop it, or give another one (0: one that is free)`
        : error.message;
      reject(new Error(`${name} cannot listen on ${hostname}: ${why}.`, { cause: error }));
    });
  });
}

/**
 * False when a worker that only this machine reaches is asked for under another machine's name: a page in a browser whose
 * name was made to lead here (DNS rebinding).
 */
export function isMeant(asked: string | undefined, hostname: string): boolean {
  if (asked === undefined || !LOOPBACK.has(hostname)) return true;
  return LOOPBACK.has(asked.replace(/:\d+$/, "").toLowerCase());
}

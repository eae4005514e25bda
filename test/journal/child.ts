/**
 * Another process that works on runs, as a test sees it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Order, Report } from "./ownerChild.ts";

export const is = (kind: Report["report"]) => (each: Report) => each.report === kind;

export class Child {
  readonly process: ChildProcess;
  readonly reports: Report[] = [];

  constructor() {
    this.process = fork(path.join(import.meta.dirname, "ownerChild.ts"), {
      execArgv: [],
      stdio: "inherit",
    });
    this.process.on("message", (report: Report) => this.reports.push(report));
  }

  send(order: Order): void {
    this.process.send(order);
  }

  async until(done: (reports: readonly Report[]) => boolean): Promise<void> {
    while (!done(this.reports)) await once(this.process, "message");
  }

  get acknowledged(): number {
    return this.reports.reduce((n, each) => (each.report === "acknowledged" ? each.n : n), 0);
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill("SIGKILL");
    await once(this.process, "exit");
  }
}

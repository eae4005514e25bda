/** What every agent over a model's server must do, against a fake one that speaks the vendor's protocol. */
import type { TestContext } from "node:test";
import type { Agent } from "../../../src/agents/agent.ts";
import { contract } from "../contract.ts";

interface FakeServer {
  readonly url: string;
  /** Resolves when it has been asked, and when whoever asked has left. */
  readonly asked: Promise<void>;
  readonly left: Promise<void>;
  stop(): Promise<void>;
}

interface Served<S extends FakeServer> {
  readonly kind: string;
  readonly start: (
    turns: readonly ({ readonly text: string } | { readonly hang: string })[],
  ) => Promise<S>;
  readonly open: (t: TestContext, url: string) => Promise<{ readonly agent: Agent }>;
  /** All the messages that the server was given. */
  readonly told: (server: S) => string;
}

/** Runs the contract of agents over such a server. */
export function serverContract<S extends FakeServer>({ kind, start, open, told }: Served<S>): void {
  contract({
    kind,
    answering: async (t, texts) => {
      const server = await start(texts.map((text) => ({ text })));
      t.after(() => server.stop());
      return { ...(await open(t, server.url)), told: () => told(server) };
    },
    hanging: async (t) => {
      const server = await start([{ hang: "Well" }]);
      t.after(() => server.stop());
      const { agent } = await open(t, server.url);
      t.after(() => server.left);
      return { agent, told: () => "", begun: () => server.asked };
    },
    missing: async (t) => {
      const server = await start([]);
      await server.stop();
      return { ...(await open(t, server.url)), told: () => "" };
    },
  });
}

/**
 * What every adapter keeps, whatever stands behind it: the contract of the agent port. An adapter's test hands over a
 * world in which its agent answers, hangs or is missing. Owns the sentences; knows no adapter.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { adapterOf } from "../../src/agents/adapters.ts";
import type { Agent } from "../../src/agents/agent.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { failureOf } from "../run/failureOf.ts";
import { type Attempt, attemptIn, scratch } from "./attempt.ts";

export interface World {
  readonly agent: Agent;
  /** Everything that the other side was told so far, as text. */
  readonly told: () => Promise<string> | string;
}

export interface Worlds {
  readonly kind: string;
  /** The agent's other side answers these texts, one a prompt. */
  readonly answering: (t: TestContext, texts: readonly string[]) => Promise<World>;
  /** It begins and never ends. `begun` resolves once it has begun. */
  readonly hanging: (t: TestContext) => Promise<World & { readonly begun: () => Promise<void> }>;
  /** It is not there. */
  readonly missing: (t: TestContext) => Promise<World>;
}

const SCHEMA: JsonObject = {
  type: "object",
  required: ["n"],
  properties: { n: { type: "integer" } },
};

/** How long a stopped agent may take to let go, in ms. */
const LETS_GO = 5000;

/** Registers the contract's tests for one adapter. */
export function contract({ kind, answering, hanging, missing }: Worlds): void {
  const said = (sentence: string) => `${kind} keeps the contract: ${sentence}`;
  const attempt = async (t: TestContext): Promise<Attempt> => attemptIn(await scratch(t));

  test(said("an answer is a result that a journal can keep"), async (t) => {
    const { agent, told } = await answering(t, ["Forty-two."]);
    assert.equal(agent.kind, kind);
    assert.ok(adapterOf(kind), "it has a row in the table");
    const { context } = await attempt(t);
    const outcome = await agent.prompt(
      { instructions: "Say a number.", systemPrompt: "Brief." },
      context,
    );
    assert.ok(outcome.type === "completed", JSON.stringify(outcome));
    const result = outcome.result as JsonObject;
    assert.equal(result.response, "Forty-two.");
    assert.equal(typeof result.agent_used, "string");
    assert.ok(Number.isInteger(result.tokens_used) && Number(result.tokens_used) >= 0);
    assert.deepEqual(result.files_changed, []);
    assert.deepEqual(JSON.parse(JSON.stringify(outcome)), outcome);
    const words = await told();
    assert.match(words, /Say a number\./);
    assert.match(words, /Brief\./);
  });

  test(
    said("data fits the schema, or the attempt fails with what the next one must mend"),
    async (t) => {
      const { agent, told } = await answering(t, ["There are many.", '{"n": "many"}', '{"n": 3}']);
      const { context } = await attempt(t);
      const prompt = { instructions: "Count.", outputSchema: SCHEMA };
      const wordy = failureOf(await agent.prompt(prompt, context));
      assert.equal(wordy.code, "invalid_output");
      const wrong = failureOf(await agent.prompt(prompt, context));
      assert.equal(wrong.code, "invalid_output");
      const correction = wrong.message;
      const right = await agent.prompt({ ...prompt, correction }, context);
      assert.ok(right.type === "completed", JSON.stringify(right));
      assert.deepEqual((right.result as JsonObject).data, { n: 3 });
      assert.match(await told(), /could not be used: .*does not fit the output schema/s);
    },
  );

  test(said("stopped before it began, it asks nobody and is simply cancelled"), async (t) => {
    const { agent, told } = await answering(t, ["Too late."]);
    const { context, abort } = await attempt(t);
    abort();
    const outcome = await agent.prompt({ instructions: "Say a number." }, context);
    assert.equal(failureOf(outcome).code, "cancelled");
    assert.equal(await told(), "");
  });

  test(
    said("stopped in the middle, it lets go soon and says whether it may be asked again"),
    async (t) => {
      const { agent, begun } = await hanging(t);
      const { context, abort } = await attempt(t);
      const asked = agent.prompt({ instructions: "Think long." }, context);
      await begun();
      const stoppedAt = performance.now();
      abort();
      const outcome = await asked;
      assert.ok(performance.now() - stoppedAt < LETS_GO);
      assert.equal(outcome.type, agent.effects === "once" ? "unknown" : "failed");
      assert.equal("failure" in outcome && outcome.failure.code, "cancelled");
    },
  );

  test(said("what is not there is said with the next move, and is no fault of ours"), async (t) => {
    const { agent } = await missing(t);
    const { context } = await attempt(t);
    const { code, message } = failureOf(await agent.prompt({ instructions: "x" }, context));
    assert.equal(code, "agent_unavailable", message);
    assert.match(message, /[.:] ?[A-Za-z].*\.$/s);
  });
}

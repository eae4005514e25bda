/** The real agents' programs on this machine. One that cannot be had is skipped and named; none at all is a failure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { REAL_AGENTS } from "./agents.ts";
import { findAgents } from "./foundAgents.ts";
import { testTurns } from "./turns.ts";

const found = await findAgents(REAL_AGENTS.filter(({ over }) => over === undefined));

test("real agents are here: two at least where everything is checked", () => {
  const here = found.filter(({ skip }) => skip === false);
  const missing = found.flatMap(({ skip }) => (skip === false ? [] : [skip]));
  assert.ok(here.length >= (process.env.CI ? 2 : 1), missing.join("\n"));
});

testTurns(found);

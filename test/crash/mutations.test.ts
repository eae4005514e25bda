/**
 * A proof that cannot fail proves nothing: a sync, a look at a token and a look at a fence are taken out of a copy of the
 * sources, one after the other, and each time a simulated crash must break a promise. `npm run mutate` does it for all.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/bootstrap.mjs";
import { runNode } from "../../scripts/command.ts";
import { MUTATIONS } from "../../scripts/testing/mutations.ts";

const HERE = ["sync-records", "token-of-outcome", "fence-after-sync"];

test("every safeguard stands where the mutations look for it", () => {
  const changes = MUTATIONS.flatMap((mutation) => [mutation, mutation.also ?? []].flat());
  for (const { file, from } of changes) {
    const text = readFileSync(join(ROOT, file), "utf8");
    assert.equal(
      text.split(from).length,
      2,
      `scripts/testing/mutations.ts looks in ${file} for ${from}`,
    );
  }
});

for (const name of HERE) {
  test(`the simulated crashes notice that ${name} is gone`, async () => {
    const { code, output } = await runNode([join(ROOT, "scripts", "mutate.ts"), name]);
    assert.equal(code, 0, output);
    assert.match(output, /^red .* seed \d+: /m);
  });
}

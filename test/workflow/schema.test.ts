import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Validator } from "@cfworker/json-schema";
import { parse } from "yaml";
import { stepsPage } from "../../scripts/stepsPage.ts";
import { workflowSchema, workflowSchemaText } from "../../src/workflow/schema/jsonSchema.ts";

const validator = new Validator(JSON.parse(JSON.stringify(workflowSchema())), "7", false);

function problems(text: string): string[] {
  return validator.validate(parse(text)).errors.map(({ instanceLocation }) => instanceLocation);
}

test("the committed schema is the one that the tables give", () => {
  const committed = readFileSync(
    new URL("../../schemas/workflow.schema.json", import.meta.url),
    "utf8",
  );
  assert.equal(committed, workflowSchemaText(), "run `node scripts/generateSchema.ts`");
});

test("the committed page of steps is the one that the tables give", () => {
  const committed = readFileSync(new URL("../../docs/steps.md", import.meta.url), "utf8");
  assert.equal(committed, stepsPage(), "run `node scripts/generateSchema.ts`");
});

test("the schema accepts the shipped templates", () => {
  const folder = new URL("../../workflows/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".workflow.yaml"));
  assert.ok(files.length > 0);
  for (const name of files) {
    assert.deepEqual(problems(readFileSync(new URL(name, folder), "utf8")), [], name);
  }
});

test("the schema finds what is wrong, at any depth", () => {
  const file = (step: string) => `name: a\nversion: 1.0.0\nsteps:\n  - ${step}\n`;
  assert.deepEqual(problems(file("{id: a, type: return}")), []);
  assert.ok(problems(file("{id: a, type: retrun}")).includes("#/steps/0/type"));
  assert.ok(problems(file("{id: a, type: return, valu: 1}")).includes("#/steps/0/valu"));
  const inner =
    "{id: a, type: condition, if: x, then: [{id: b, type: wait, duration: soon-ish, when: []}]}";
  assert.ok(problems(file(inner)).includes("#/steps/0/then/0/when"));
});

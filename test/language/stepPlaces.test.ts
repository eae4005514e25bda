import assert from "node:assert/strict";
import { test } from "node:test";
import { readWorkflow } from "../../src/language/reading.ts";
import { placeAt, stepPlaces } from "../../src/language/stepPlaces.ts";

const TEXT = `name: p
version: 1.0.0
steps:
  - { id: first, type: shell, command: a }
  - id: each
    type: foreach
    items: [1]
    task: look
  - id: both
    type: parallel
    branches:
      - id: left
        steps:
          - { id: one, type: shell, command: a }
tasks:
  look:
    steps:
      - { id: ask, type: delegate, instructions: a }
      - { id: again, type: foreach, items: [1], task: look }
`;

test("steps are named as their tasks will be, and those of a task lie where it is called", () => {
  const file = readWorkflow("p.workflow.yaml", TEXT);
  assert.ok(file);
  const places = stepPlaces(file.workflow, file.source);
  assert.deepEqual(
    places.map(({ place }) => place),
    ["first", "each", "each/ask", "each/again", "both", "both/left/one"],
  );
  const line = (place: string) => places.find((each) => each.place === place)?.selection.start.line;
  assert.deepEqual([line("each"), line("each/ask"), line("both/left/one")], [5, 18, 14]);
});

test("an offset lies in the innermost step around it, and outside of all in none", () => {
  const file = readWorkflow("p.workflow.yaml", TEXT);
  assert.ok(file);
  const places = stepPlaces(file.workflow, file.source);
  assert.equal(placeAt(places, TEXT.indexOf("id: one"))?.place, "both/left/one");
  assert.equal(placeAt(places, TEXT.indexOf("type: parallel"))?.place, "both");
  assert.equal(placeAt(places, 3), undefined);
});

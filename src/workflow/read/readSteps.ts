/**
 * Reads lists of steps: finds each step's type, mends the legacy prompt with two `type` keys, reads its fields.
 * A step that cannot be read is kept as one that does nothing, so that ids and indexes stay those of the file.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Json, JsonObject } from "../../util/json.ts";
import { closest } from "../closest.ts";
import { COMMON_FIELDS } from "../schema/commonFields.ts";
import { STEP_KINDS } from "../schema/stepKinds.ts";
import { findPair } from "./node.ts";
import { type Reading, resolve } from "./reading.ts";
import { readRecord } from "./readShape.ts";
import { wrong } from "./scalars.ts";

const DEEPEST = 30;

/** Steps as plain data; `type` is called `kind` from here on. */
export function readSteps(reading: Reading, node: Node, label: string): JsonObject[] | undefined {
  if (!isSeq(node)) return wrong(reading, node, label, "a list of steps");
  if (reading.depth >= DEEPEST || !reading.spend()) {
    const message = `${label} holds too many steps, or lists of steps nested more than ${DEEPEST} deep.`;
    reading.report({ at: node, code: "too-large", message });
    return [];
  }
  const inner = { ...reading, depth: reading.depth + 1 };
  return node.items.map((item) => {
    const child = resolve(reading, item);
    if (isMap(child)) return readStep(inner, child, label);
    if (child || !isAlias(item))
      wrong(
        reading,
        child ?? node,
        `an item of ${label}`,
        "a step: a mapping with `id` and `type`",
      );
    return placeholder("");
  });
}

function readStep(reading: Reading, map: YAMLMap, label: string): JsonObject {
  const id = textOf(findPair(map, "id"));
  const title = id === "" ? `a step of ${label}` : `step \`${id}\``;
  mendLegacyPrompt(reading, map, title);
  const pair = findPair(map, "type");
  const type = textOf(pair);
  if (!pair || type === "") {
    reportNoKind(reading, map, pair, title);
    return placeholder(id);
  }
  const kind = Object.hasOwn(STEP_KINDS, type) ? STEP_KINDS[type] : undefined;
  const at = resolve(reading, pair.value) ?? map;
  if (!kind) {
    reportUnknownKind(reading, at, type, title);
    return placeholder(id, textOf(findPair(map, "output_to")));
  }
  const fields = { ...COMMON_FIELDS, ...kind.fields };
  const { type: _, ...step } = readRecord(reading, map, fields, title);
  return { kind: type, ...step };
}

/**
 * A prompt with two `type` keys is how older files write `input`: the second key is renamed in the document, so
 * that everything after this reads one language.
 */
function mendLegacyPrompt(reading: Reading, map: YAMLMap, title: string): void {
  const [first, second] = map.items.filter(
    (pair) => isScalar(pair.key) && pair.key.value === "type",
  );
  if (!first || !second || textOf(first) !== "prompt" || !isScalar(second.key)) return;
  const [start, end] = second.key.range ?? [0, 0];
  second.key.value = "input";
  reading.legacy();
  reading.report({
    at: second.key,
    code: "second-type",
    severity: "warning",
    message: `The second \`type\` of ${title} is read as its \`input\`.`,
    suggestion: "input",
    fix: { title: "Rename the second `type` to `input`", edits: [{ start, end, text: "input" }] },
  });
}

/** A key that nearly is `type` is more likely the mistake than the absence of one. */
function reportNoKind(reading: Reading, map: YAMLMap, pair: Pair | undefined, title: string): void {
  const meant = map.items.find(
    ({ key }) =>
      isScalar(key) && !isKnownKey(String(key.value)) && closest(String(key.value), ["type"]),
  )?.key;
  const at = resolve(reading, meant ?? pair?.key ?? map.items[0]?.key) ?? map;
  const message = `\`type\` is missing in ${title}.`;
  const expected = `one of ${usableKinds().join(", ")}`;
  reading.report({ at, code: "missing-key", message, expected, ...(meant ? rename(at) : {}) });
}

function isKnownKey(name: string): boolean {
  return Object.hasOwn(COMMON_FIELDS, name);
}

function rename(key: Node) {
  const [start, end] = key.range ?? [0, 0];
  const fix = { title: "Rename to `type`", edits: [{ start, end, text: "type" }] };
  return { suggestion: "type", fix };
}

function reportUnknownKind(reading: Reading, at: Node, type: string, title: string): void {
  const suggestion = closest(type, Object.keys(STEP_KINDS));
  reading.report({
    at,
    code: "unknown-step",
    message: `Unknown type of step \`${type}\` in ${title}.`,
    expected: `one of ${usableKinds().join(", ")}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

function usableKinds(): string[] {
  return Object.keys(STEP_KINDS);
}

function placeholder(id: string, outputTo = ""): JsonObject {
  const step: Record<string, Json> = { kind: "set_state", id, updates: {} };
  if (outputTo !== "") step.output_to = outputTo;
  return step;
}

function textOf(pair: Pair | undefined): string {
  return isScalar(pair?.value) && pair.value.value !== null ? String(pair.value.value) : "";
}

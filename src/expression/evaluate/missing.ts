/**
 * The words for a member of something that is missing, with the name that was probably meant.
 */
import { closest, didYouMean, Fault } from "../error.ts";
import type { Expression } from "../node.ts";
import { isDict, type Value } from "../values/value.ts";

/** `x.y` where `x` is undefined. `evaluate` may be asked again for what `x` was read from. */
export function missingMember(
  node: Extract<Expression, { object: Expression }>,
  evaluate: (node: Expression) => Value,
): Fault {
  const { object } = node;
  const name = describe(object);
  const part = node.kind === "member" || node.kind === "method" ? `\`${node.name}\`` : "elements";
  const keys = siblings(object, evaluate);
  const last = object.kind === "member" ? object.name : "";
  const suggestion = closest(last, keys);
  const known =
    suggestion === undefined && keys.length > 0 && keys.length <= 12
      ? ` It is read from an object with ${keys.map((key) => `\`${key}\``).join(", ")}.`
      : "";
  const message = `${name} is missing, so it has no ${part}.${didYouMean(suggestion)}${known}`;
  const range = object.kind === "member" ? object : node;
  const fault = new Fault("undefined", message, suggestion);
  return object.kind === "member"
    ? fault.at({ start: object.end - object.name.length, end: object.end })
    : fault.at(range);
}

/** `x.a-b` where `x.a` is undefined: most likely one name with a dash in it. */
export function missingBeforeMinus(left: Expression): Fault {
  const hint =
    left.kind === "member"
      ? ` If the name goes on after the \`-\`, write it in brackets (\`['${left.name}-...']\`) or with \`_\`.`
      : "";
  return new Fault("undefined", `${describe(left)} is missing before \`-\`.${hint}`).at(left);
}

/** More fields than this are not searched for a name that is close. */
const MANY = 1000;

/** The fields beside the one that is missing, where reading them again is free of effects. */
function siblings(object: Expression, evaluate: (node: Expression) => Value): readonly string[] {
  if (object.kind !== "member" || !isChain(object.object)) return [];
  const parent = evaluate(object.object);
  const keys = isDict(parent) ? Object.keys(parent) : [];
  return keys.length > MANY ? [] : keys;
}

function isChain(node: Expression): boolean {
  return node.kind === "name" || (node.kind === "member" && isChain(node.object));
}

function describe(node: Expression): string {
  const path = pathOf(node);
  return path === undefined ? "The value" : `\`${path}\``;
}

function pathOf(node: Expression): string | undefined {
  if (node.kind === "name") return node.name;
  if (node.kind === "member") {
    const path = pathOf(node.object);
    return path === undefined ? undefined : `${path}.${node.name}`;
  }
  if (node.kind === "index" && node.index.kind === "number") {
    const path = pathOf(node.object);
    return path === undefined ? undefined : `${path}[${node.index.value}]`;
  }
  return undefined;
}

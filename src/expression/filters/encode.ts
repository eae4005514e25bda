/** Filters to and from other notations: JSON, Base64, URLs, hashes. */

import { shortHash } from "../../util/hash.ts";
import type { Json } from "../../util/json.ts";
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { decodeBase64, encodeBase64 } from "../text/base64.ts";
import { itemsOf, wholeOr } from "../values/coerce.ts";
import { jsonText, textOf } from "../values/text.ts";
import { isDict, isList, kindOf, type Value } from "../values/value.ts";

export const ENCODING_FILTERS: readonly Definition[] = [
  define("base64_decode", "The text (UTF-8) behind Base64.", (rt, input) => {
    const text = textOf(rt, input);
    pay(rt, text);
    return decodeBase64(text);
  }),
  define("base64_encode", "The text (UTF-8) as Base64.", (rt, input) => {
    const text = textOf(rt, input);
    pay(rt, text);
    return encodeBase64(text);
  }),
  define("hash", "The first 16 hex digits of the text's SHA-256.", (rt, input) => {
    const text = textOf(rt, input);
    rt.work(30 + text.length / 4);
    return shortHash(text);
  }),
  define("parse_json", "The value that a JSON text stands for.", (rt, input) =>
    parseJson(rt, textOf(rt, input)),
  ),
  define("pprint", "The value as JSON over several lines.", (rt, input) => jsonText(rt, input, 2)),
  define(
    "tojson(indent=none)",
    "The value as JSON; with `indent`, over several lines.",
    (rt, input, [indent]) => {
      if (indent === undefined || indent === null) return jsonText(rt, input);
      const columns = wholeOr(indent, 2, "`indent`");
      if (columns < 0 || columns > 16)
        throw new Fault("value", "`indent` must be between 0 and 16.").of("indent");
      return jsonText(rt, input, columns);
    },
  ),
  define("urlencode", "Text, or the pairs of an object, for use in a URL.", (rt, input) => {
    if (!isDict(input) && !isList(input)) return quote(rt, textOf(rt, input), true);
    const pairs = isDict(input) ? Object.entries(input) : itemsOf(rt, input);
    return pairs.map((pair) => queryPair(rt, pair)).join("&");
  }),
];

function pay(rt: Runtime, text: string): void {
  rt.work(2 * text.length);
  rt.text(2 * text.length);
}

function queryPair(rt: Runtime, pair: Value): string {
  if (!isList(pair) || pair.length !== 2) {
    throw new Fault("type", `Expected pairs of a name and a value, found ${kindOf(pair)}.`);
  }
  return pair.map((part) => quote(rt, textOf(rt, part), false).replaceAll("%20", "+")).join("=");
}

function quote(rt: Runtime, text: string, keepSlash: boolean): string {
  rt.work(10);
  rt.text(3 * text.length);
  const quoted = encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, percent);
  return keepSlash ? quoted.replaceAll("%2F", "/") : quoted;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function parseJson(rt: Runtime, text: string): Value {
  rt.work(text.length / 4);
  rt.text(4 * text.length);
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const start = text.trimStart().slice(0, 40);
    throw new Fault("value", `The text is not JSON (${reason}). It begins with \`${start}\`.`);
  }
}

/**
 * Takes the values of secrets out of texts: as they are, and as they look in JSON, in an address or in base64.
 * Owns those forms. What stands instead is `[secret NAME]`.
 */
import { isList, isObject, type Json } from "../../util/json.ts";
import type { Redactor } from "../secrets.ts";

/** A part of a value at the end or beginning of a text is taken out from so many characters on. */
const SHORTEST_PART = 6;

/** So much of a value is held back at the end of a line; of less, the rest of the value tells. */
const SHORTEST_HELD = 4;

/** Values shorter than this are taken out as they are only: encoded they look like anything. */
const SHORTEST_CORE = 8;

/** A redactor over the secrets known at the time of each call: names by value; values are only ever added. */
export function createRedactor(known: ReadonlyMap<string, string>): Redactor {
  let size = -1;
  let forms: Forms = { names: new Map(), pattern: undefined };
  const now = (): Forms => {
    if (size !== known.size) forms = formsOf(known);
    size = known.size;
    return forms;
  };
  const text = (value: string): string => redactText(now(), value);
  return {
    text,
    find: (value, least = 1) => findIn(now(), value, least),
    json: (value) => redactJson(text, value),
    stream: (emit, lines = false) => redactStream(now, emit, lines ? SHORTEST_HELD : 1),
  };
}

interface Forms {
  /** The secret's name by each form of its value. */
  readonly names: ReadonlyMap<string, string>;
  readonly pattern: RegExp | undefined;
}

function formsOf(known: ReadonlyMap<string, string>): Forms {
  const names = new Map<string, string>();
  for (const [value, name] of known) for (const form of formsOfValue(value)) names.set(form, name);
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern = longestFirst
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
    .join("|");
  return { names, pattern: pattern === "" ? undefined : new RegExp(pattern, "g") };
}

/** How a value looks in the texts that programs print. */
function formsOfValue(value: string): ReadonlySet<string> {
  const lines = value.includes("\n") ? value.split(/\r?\n/).filter((line) => line.length >= 8) : [];
  const forms = new Set<string>();
  for (const plain of [value, ...lines]) {
    const url = encodeURIComponent(plain);
    const strict = url.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const query = new URLSearchParams({ q: plain }).toString().slice(2);
    // Some leave the slash of a path as it is.
    const paths = [url, strict].map((coded) => coded.replaceAll("%2F", "/"));
    for (const coded of [plain, ...jsonForms(plain), url, strict, query, ...paths]) {
      forms.add(coded);
      forms.add(coded.replaceAll("%20", "+"));
      forms.add(coded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
    }
    for (const form of base64Forms(plain)) forms.add(form);
  }
  forms.delete("");
  return forms;
}

/** A value inside a JSON text, once and twice, by writers that escape slashes, what HTML minds, or all but ASCII. */
function jsonForms(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const escapes: readonly ((text: string) => string)[] = [
    (text) => text.replaceAll("/", "\\/"),
    (text) => text.replace(/[&<>]/g, escaped),
    (text) => text.replace(/[^\0-\x7f]/g, escaped),
  ];
  let forms = [json];
  for (const write of escapes) forms = [...new Set(forms.flatMap((form) => [form, write(form)]))];
  const upper = (form: string) =>
    form.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`);
  return forms.flatMap((form) => [form, upper(form), JSON.stringify(form).slice(1, -1)]);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Base64 of a value alone, and the part of it that stays the same whatever stands before and after it. */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value, "utf8");
  const forms = [bytes.toString("base64"), bytes.toString("base64").replace(/=+$/, "")];
  for (const before of [0, 1, 2]) {
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const padding = coded.length - coded.replace(/=+$/, "").length;
    const core = coded.slice([0, 2, 3][before], coded.length - padding - (padding > 0 ? 1 : 0));
    if (core.length >= SHORTEST_CORE) forms.push(core);
  }
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function findIn({ names, pattern }: Forms, text: string, least: number): string | undefined {
  if (!pattern) return undefined;
  for (const [form] of text.matchAll(pattern)) if (form.length >= least) return names.get(form);
  return undefined;
}

function redactText({ names, pattern }: Forms, text: string): string {
  if (!pattern || text === "") return text;
  const whole = text.replace(pattern, (form) => mark(names.get(form)));
  return redactEnds(names, whole);
}

/** A text that was cut to length may end or begin within a value. */
function redactEnds(names: Forms["names"], text: string): string {
  let kept = text;
  for (const [form, name] of names) {
    const most = Math.min(form.length - 1, kept.length);
    for (let length = most; length >= SHORTEST_PART; length--) {
      if (kept.endsWith(form.slice(0, length))) {
        kept = kept.slice(0, -length) + mark(name);
        break;
      }
    }
    for (let length = Math.min(form.length - 1, kept.length); length >= SHORTEST_PART; length--) {
      if (kept.startsWith(form.slice(-length))) {
        kept = mark(name) + kept.slice(length);
        break;
      }
    }
  }
  return kept;
}

function redactJson<T extends Json>(text: (value: string) => string, value: T): T {
  const redact = (inner: Json): Json => {
    if (typeof inner === "string") return text(inner);
    if (isList(inner)) return inner.map(redact);
    if (!isObject(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, field]) => [text(key), redact(field)]),
    );
  };
  // The shape stays: only texts change.
  return redact(value) as T;
}

/** Holds back what may be the beginning of a value until the next piece shows whether it is. */
function redactStream(
  now: () => Forms,
  emit: (text: string) => void,
  shortest: number,
): ReturnType<Redactor["stream"]> {
  let held = "";
  return {
    write: (piece) => {
      const forms = now();
      if (!forms.pattern) return emit(piece);
      let text = held + piece;
      if (held !== "" && !goesOn(forms, text, held.length)) {
        emit(redactText(forms, held));
        text = piece;
      }
      const kept = longestStart(forms.names, text);
      held = kept < shortest ? "" : text.slice(-kept);
      const ready = text.slice(0, text.length - held.length);
      if (ready !== "" || held === "") emit(redactText(forms, ready));
    },
    end: () => {
      if (held !== "") emit(redactText(now(), held));
      held = "";
    },
  };
}

/** True when a value lies across the boundary of two pieces, or may do so once more have come. */
function goesOn({ names, pattern }: Forms, text: string, boundary: number): boolean {
  if (longestStart(names, text) === text.length) return true;
  for (const match of text.matchAll(pattern ?? /^$/g))
    if (match.index < boundary && match.index + match[0].length > boundary) return true;
  return false;
}

/** How many characters at the end of a text are the beginning of some form, and not the whole of it. */
function longestStart(names: Forms["names"], text: string): number {
  let longest = 0;
  for (const form of names.keys()) {
    for (let length = Math.min(form.length - 1, text.length); length > longest; length--)
      if (text.endsWith(form.slice(0, length))) longest = length;
  }
  return longest;
}

function mark(name = "?"): string {
  return `[secret ${name}]`;
}

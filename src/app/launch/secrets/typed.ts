/**
 * What people and programs hand in, as it may be recorded and shown: without the values of secrets. Owns which parts of a
 * request are theirs; what is a secret and how it looks is the vault's.
 */
import type { Vault } from "../../../engine/secrets.ts";
import type { Signal } from "../../../run/signal.ts";
import type { StopPlace } from "../../../run/stops/stop.ts";
import { isList, isObject, type Json } from "../../../util/json.ts";
import { secretsIn } from "../../../workflow/read/secret.ts";
import type { Bundle } from "../../../workflow/workflow.ts";

/** A value without secrets: those that the place can name, and those that a bundle names. */
export type Typed = <T extends Json>(value: T, bundle?: Bundle) => Promise<T>;

/** Digits of a number that may be the value of a secret. */
const SHORTEST_NUMBER = 6;

/** `trusted`: where nobody trusts the folder no secret is read. */
export function createTyped({ learn, redact }: Vault, trusted: () => boolean): Typed {
  return async (value, bundle) => {
    if (trusted()) await learn(bundle ? secretsIn(bundle) : []);
    return numbers(redact.text, redact.json(value));
  };
}

/** A signal whose words are without secrets. */
export async function typedSignal(typed: Typed, signal: Signal, bundle?: Bundle): Promise<Signal> {
  switch (signal.type) {
    case "answer":
      return { ...signal, answer: await typed(signal.answer, bundle) };
    case "signal":
      return { ...signal, payload: await typed(signal.payload, bundle) };
    case "set":
      return { ...signal, updates: await typed(signal.updates, bundle) };
    case "guide":
      return { ...signal, text: await typed(signal.text, bundle) };
    case "stops":
      return { ...signal, places: await typedPlaces(typed, signal.places, bundle) };
    case "cancel":
      return signal.reason === undefined
        ? signal
        : { ...signal, reason: await typed(signal.reason, bundle) };
    default:
      return signal;
  }
}

/** Stops whose conditions and messages are without secrets. */
export async function typedPlaces(
  typed: Typed,
  places: readonly StopPlace[],
  bundle?: Bundle,
): Promise<readonly StopPlace[]> {
  const told = async (key: "condition" | "log", text: string | undefined) =>
    text === undefined ? {} : { [key]: await typed(text, bundle) };
  return Promise.all(
    places.map(async (place) => ({
      ...place,
      ...(await told("condition", place.condition)),
      ...(await told("log", place.log)),
    })),
  );
}

/** A number that is a secret as it stands becomes the text that stands for it. */
function numbers<T extends Json>(redact: (text: string) => string, value: T): T {
  const look = (inner: Json): Json => {
    if (typeof inner === "number") {
      const text = String(inner);
      const told = text.length < SHORTEST_NUMBER ? text : redact(text);
      return /^\[secret \w+\]$/.test(told) ? told : inner;
    }
    if (isList(inner)) return inner.map(look);
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, field]) => [key, look(field)]));
  };
  // The shape stays but for such a number.
  return look(value) as T;
}

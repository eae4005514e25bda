/**
 * The port behind which secrets lie. Only performers ask for values; everything that comes back from the outside passes
 * `redact` before anybody else sees it, so that no value reaches a journal, a transcript, a log or a screen.
 */
import { type Failure, failure } from "../run/failure.ts";
import type { Json } from "../util/json.ts";

/** Where a person keeps secrets. Undefined: it has none of that name. */
export interface SecretSource {
  get(name: string): Promise<string | undefined>;
  /** Those that it holds, where it can tell. */
  names?(): Promise<readonly string[]>;
}

export interface Vault {
  /** The value of a secret. From now on it is redacted, in every run of this process. */
  resolve(name: string): Promise<string | undefined>;
  /** Has these redacted from now on, and whatever else the place can name. */
  learn(names: readonly string[]): Promise<void>;
  redact: Redactor;
}

export interface Redactor {
  /** A whole text; also what a cut has left of a value at its ends. */
  text(text: string): string;
  /** The name of a secret whose value a whole text holds in some form, of at least so many characters (1). */
  find(text: string, least?: number): string | undefined;
  /** Every text of a value, names of fields included. */
  json<T extends Json>(value: T): T;
  /**
   * A text that comes in pieces, each of which may hold a part of a value. `lines`: each piece is a line, as a rule; then
   * one that only ends like the first letters of a value is not held back.
   */
  stream(emit: (text: string) => void, lines?: boolean): { write(text: string): void; end(): void };
}

/** The failure of secrets that nobody has set. `problem`: why the place where they may lie is not read. */
export function secretMissing(names: readonly string[], problem?: string): Failure {
  const which =
    names.length === 1
      ? `The secret ${names[0]} is not set.`
      : `These secrets are not set: ${names.join(", ")}.`;
  const unread = problem === undefined ? "" : ` ${problem}.`.replace(/\.\.$/, ".");
  const message = `${which}${unread} Set the environment variable FERMATA_SECRET_${names[0]}, put it into the secrets file that fermata doctor names, or use Fermata: Set Secret in the editor.`;
  return failure("secret_missing", message, { secrets: [...names] });
}

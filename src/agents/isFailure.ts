/** Tells a failure from what was asked for. Owns nothing else; a failure is the only thing with a code and a message. */
import type { Failure } from "../run/failure.ts";

export function isFailure(value: object): value is Failure {
  return "code" in value && "message" in value;
}

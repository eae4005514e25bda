/** What an agent's refusal over the protocol means for a run. Owns that reading; the codes are the protocol's. */
import type { RequestError } from "@agentclientprotocol/sdk";
import { type Failure, failure } from "../../run/failure.ts";
import type { Json } from "../../util/json.ts";
import { clip } from "../program/words.ts";

const AUTH_REQUIRED = -32_000;
const NOT_FOUND = -32_002;

/** `login`: how to log in, a sentence. */
export function failureOf(
  { title, login }: { readonly title: string; readonly login: string },
  error: RequestError,
): Failure {
  const said = clip(
    [error.message, wordsIn(error.data)].filter((text) => text !== "").join(": "),
    600,
  );
  const detail: Json = { code: error.code, said };
  if (error.code === AUTH_REQUIRED || /not logged in|authentication required|api key/i.test(said))
    return failure("agent_unavailable", `${title} is not logged in (${said}). ${login}`, detail);
  if (error.code === NOT_FOUND)
    return failure("outcome_unknown", `${title} does not know the session: ${said}`, detail);
  if (
    /rate.?limit|overloaded|timed? ?out|unable to connect|econn|network|\b(?:429|50[0-9]|529)\b/i.test(
      said,
    )
  )
    return failure("network", `${title}'s model did not answer: ${said}`, detail);
  return failure("agent_error", `${title} failed: ${said}`, detail);
}

function wordsIn(data: unknown): string {
  if (data === undefined || data === null) return "";
  if (typeof data === "string") return data;
  const { details, message } = { details: undefined, message: undefined, ...Object(data) };
  const found: unknown = details ?? message;
  return typeof found === "string" ? found : JSON.stringify(data);
}

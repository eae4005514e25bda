/**
 * The row of OpenAI-compatible endpoints: their settings, and what may be wrong with one.
 * Owns the words about it. It is never found by itself: an endpoint costs money. How it is asked is openai.ts's.
 */

import { isList, isObject, type Json, parsedJson } from "../../util/json.ts";
import { type Adapter, type AdapterPlace, type AgentFinding, textOf, textsOf } from "../adapter.ts";
import type { AgentChoice, AgentRecord } from "../agent.ts";
import { badAddress } from "../http/webAddress.ts";
import { isFailure } from "../isFailure.ts";
import { isSecretReference, NOTATION, secretsNamed } from "../secretTexts.ts";
import { connectionFailure } from "./modelFailure.ts";
import { MODEL_SETTINGS } from "./modelSettings.ts";
import { createOpenAiAgent, endpointHeaders, endpointWords, OPENAI_URL } from "./openai.ts";

export const openaiAdapter: Adapter = {
  kind: "openai",
  describes: "any endpoint that speaks OpenAI's chat completions",
  settings: {
    api_url: { form: "text", describes: "The server's address." },
    api_key: {
      form: "text",
      describes: `The key, as a reference: ${NOTATION}. A key that is written out is refused.`,
    },
    headers: {
      form: "texts",
      describes: `Further headers; secrets as ${NOTATION}.`,
    },
    ...MODEL_SETTINGS,
  },
  does: "open a connection",
  check,
  settle: (record) => ({ ...record, api_url: textOf(record, "api_url") ?? OPENAI_URL }),
  usualEffects: () => "repeatable",
  open: createOpenAiAgent,
  examine: async (place, uses) => Promise.all(uses.map((use) => examineUse(place, use))),
};

function check(record: AgentRecord): string | undefined {
  if (record.model === undefined)
    return 'has the adapter openai but no model. Add "model": "NAME" to its settings.';
  const key = textOf(record, "api_key");
  if (key !== undefined && !isSecretReference(key)) return WRITTEN_OUT;
  const bearer = Object.entries(textsOf(record, "headers")).some(
    ([name, text]) =>
      /^(authorization|(x-)?api-key)$/i.test(name) && secretsNamed(text).length === 0,
  );
  return bearer ? WRITTEN_OUT : badAddress(textOf(record, "api_url"));
}

const WRITTEN_OUT = `has a key written out in its settings, where everybody can read it. Set it as a secret (FERMATA_SECRET_NAME, the secrets file, or Fermata: Set Secret) and write ${NOTATION} instead.`;

/** How long an endpoint may take to say which models it has, in ms. */
const LOOK = 3000;

async function examineUse(place: AdapterPlace, use: AgentChoice): Promise<AgentFinding> {
  const { name, definition } = use;
  const url = textOf(definition, "api_url") ?? OPENAI_URL;
  const headers = await endpointHeaders({ ...place, definition });
  if (isFailure(headers)) {
    return { severity: "error", message: `${name}: ${headers.message}`, fix: "Set the secret." };
  }
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/models`, {
      headers: headers.values,
      signal: AbortSignal.timeout(LOOK),
    });
    if (response.ok) return modelFinding(use, url, parsedJson(await response.text()));
    // Its words are left out: some endpoints repeat the key in them.
    await response.body?.cancel();
    if (response.status === 401 || response.status === 403) {
      return {
        severity: "error",
        message: `${name}: the endpoint at ${url} does not accept the key (${response.status}).`,
        fix: "Correct the secret that api_key names, or the address in api_url.",
      };
    }
    // Some endpoints have no list of models; they may still answer prompts.
    return {
      severity: "ok",
      message: `${name}: the endpoint at ${url} is there; it tells no models (${response.status}).`,
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = connectionFailure(error, endpointWords(url))?.message ?? `${url}: ${said}`;
    return {
      severity: "error",
      message: `${name}: ${message}`,
      fix: "Start the server, or correct api_url in the agent's settings.",
    };
  }
}

/** Names of models that are told. */
const SOME = 20;

/** Whether the list of models, which endpoints may shorten, has the one that is wanted. */
function modelFinding(
  { name, definition }: AgentChoice,
  url: string,
  list: Json | undefined,
): AgentFinding {
  const { model = "" } = definition;
  const data = isObject(list) && isList(list.data) ? list.data : [];
  const models = data.flatMap((one) =>
    isObject(one) && typeof one.id === "string" ? [one.id] : [],
  );
  if (models.length === 0 || models.includes(model))
    return { severity: "ok", message: `${name}: the endpoint at ${url} answers.` };
  const told = models.slice(0, SOME).join(", ");
  return {
    severity: "warning",
    message: `${name}: the endpoint at ${url} names no model ${model}. It names: ${told}${models.length > SOME ? ", ..." : ""}.`,
    fix: "Correct model in the agent's settings.",
  };
}

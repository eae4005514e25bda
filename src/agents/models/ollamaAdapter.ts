/**
 * Ollama's row in the table: its settings, how it is found, what may be wrong with it.
 * Owns where it is looked for and the words about it. How it is asked is ollama.ts's.
 */
import {
  type Adapter,
  type AdapterPlace,
  type AgentFinding,
  type Detected,
  textOf,
} from "../adapter.ts";
import type { AgentChoice } from "../agent.ts";
import { badAddress } from "../http/webAddress.ts";
import { connectionFailure } from "./modelFailure.ts";
import { MODEL_SETTINGS } from "./modelSettings.ts";
import { createOllamaAgent, OLLAMA_URL, ollamaClient, ollamaWords } from "./ollama.ts";

export const ollamaAdapter: Adapter = {
  kind: "ollama",
  describes: "a model of a local Ollama",
  settings: {
    api_url: { form: "text", describes: "The server's address." },
    num_ctx: {
      form: "number",
      least: 256,
      whole: true,
      describes:
        "The context window, in tokens. Without it as large as the prompt needs, within what the model was made for.",
    },
    ...MODEL_SETTINGS,
  },
  does: "open a connection",
  check: (record) => {
    if (record.model === undefined)
      return 'has the adapter ollama but no model. Add "model": "qwen2.5-coder" or another one of `ollama list` to its settings.';
    return badAddress(textOf(record, "api_url"));
  },
  settle: (record, { environment }) => ({
    ...record,
    api_url: textOf(record, "api_url") ?? addressIn(environment),
  }),
  usualEffects: () => "repeatable",
  detect,
  open: createOllamaAgent,
  examine,
};

/** How long a server on this machine may take to say what it has, in ms. */
const LOOK = 700;

/** Found only on this machine, or where the person's own environment says. The newest model answers. */
async function detect({ environment }: AdapterPlace): Promise<Detected | undefined> {
  const api_url = addressIn(environment);
  const models = await modelsAt(api_url);
  if (!Array.isArray(models)) return undefined;
  const model = models.find((name) => !name.includes("embed"));
  if (model === undefined) return { amiss: "Ollama has no model" };
  return { found: `found Ollama with ${model}`, settings: { api_url, model } };
}

async function examine(
  { environment }: AdapterPlace,
  uses: readonly AgentChoice[],
): Promise<readonly AgentFinding[]> {
  const places = uses.map(({ definition }) => textOf(definition, "api_url") ?? OLLAMA_URL);
  const urls = new Set(places.length === 0 ? [addressIn(environment)] : places);
  const found = await Promise.all(
    [...urls].map(async (url) => {
      const wanted = uses.flatMap(({ definition }) =>
        (textOf(definition, "api_url") ?? OLLAMA_URL) === url && definition.model !== undefined
          ? [definition.model]
          : [],
      );
      return findings(url, await modelsAt(url), new Set(wanted));
    }),
  );
  return found.flat();
}

function findings(
  url: string,
  models: readonly string[] | string,
  wanted: ReadonlySet<string>,
): readonly AgentFinding[] {
  if (typeof models === "string") {
    if (wanted.size === 0)
      return [{ severity: "ok", message: `Ollama is not running at ${url}; no agent needs it.` }];
    return [{ severity: "error", message: models, fix: "Start it with `ollama serve`." }];
  }
  const has = (model: string) => models.includes(model) || models.includes(`${model}:latest`);
  const missing = [...wanted].filter((model) => !has(model));
  return [
    {
      severity: "ok",
      message: `Ollama runs at ${url} with ${models.length === 0 ? "no models" : models.join(", ")}.`,
    },
    ...missing.map(
      (model): AgentFinding => ({
        severity: "error",
        message: `Ollama at ${url} has no model ${model}.`,
        fix: `Get it with \`ollama pull ${model}\`.`,
      }),
    ),
  ];
}

/** The names of a server's models, the one used last first; or why they cannot be had. */
async function modelsAt(url: string): Promise<readonly string[] | string> {
  try {
    const { models } = await ollamaClient(url, AbortSignal.timeout(LOOK)).list();
    return models.map(({ name }) => name);
  } catch (error) {
    const words = ollamaWords(url);
    const said = error instanceof Error ? error.message : String(error);
    return connectionFailure(error, words)?.message ?? `Ollama at ${url} does not answer: ${said}`;
  }
}

/** As the vendor's own programs read it: `OLLAMA_HOST` may lack scheme and port, and 0.0.0.0 is for servers. */
function addressIn(environment: AdapterPlace["environment"]): string {
  const host = (environment.OLLAMA_HOST ?? "").trim();
  if (host === "") return OLLAMA_URL;
  const written = /^https?:\/\//i.test(host) ? host : `http://${host}`;
  if (!URL.canParse(written)) return OLLAMA_URL;
  const url = new URL(written);
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.port === "" && !/^https?:\/\//i.test(host)) url.port = "11434";
  return url.href.replace(/\/$/, "");
}

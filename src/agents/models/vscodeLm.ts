/**
 * A language model of the editor as an agent, through the port that its host provides.
 * Owns the choice of the model's vendor, and the words for what an editor may answer. Knows no editor's API.
 */
import type { ActivityContext } from "../../engine/activity.ts";
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { formatDuration } from "../../workflow/duration.ts";
import {
  type Adapter,
  type AdapterPlace,
  type AgentFinding,
  type Detected,
  numberOf,
  type Opening,
  textOf,
} from "../adapter.ts";
import type { Agent, AgentChoice, AgentPrompt, AgentRecord } from "../agent.ts";
import { answered, failed, stopped } from "../answer.ts";
import type { LanguageModelInfo, LanguageModels } from "../languageModels.ts";
import { priced } from "../prices/prices.ts";
import { emptyAnswer, patienceFor } from "./modelFailure.ts";
import { messagesOf, openStream } from "./modelPrompt.ts";
import { MODEL_SETTINGS } from "./modelSettings.ts";
import { usageOf } from "./tokens.ts";

/** Whose models are looked for when nobody says. A vendor is always named: an editor may never answer otherwise. */
const USUAL_VENDOR = "copilot";

/** How long an editor may take to say which models it has, in ms. */
const LOOK = 2000;

export const vscodeLmAdapter: Adapter = {
  kind: "vscode-lm",
  describes: "a language model of the editor, such as GitHub Copilot's; in VS Code only",
  settings: {
    vendor: { form: "text", describes: "Whose models: `copilot` without it." },
    timeout: MODEL_SETTINGS.timeout,
  },
  does: "ask a language model of the editor",
  host: { name: "VS Code", isHere: ({ languageModels }) => languageModels !== undefined },
  usualEffects: () => "repeatable",
  detect,
  open: createLanguageModelAgent,
  examine: async (place, uses) => Promise.all(uses.map((use) => examineUse(place, use))),
};

async function detect({ languageModels }: AdapterPlace): Promise<Detected | undefined> {
  if (languageModels === undefined) return undefined;
  const models = await modelsOf(languageModels, USUAL_VENDOR);
  const first = models[0];
  if (first === undefined) return undefined;
  const settings = { vendor: USUAL_VENDOR, model: first.id };
  return { found: `found ${first.name} in the editor`, settings };
}

/** An agent over the editor's models. It only writes text, so it may be asked again. */
function createLanguageModelAgent(opening: Opening): Agent {
  const { effects, languageModels } = opening;
  return {
    kind: "vscode-lm",
    effects,
    prompt: (prompt, context) =>
      languageModels === undefined
        ? Promise.resolve(failed(failure("agent_unavailable", ELSEWHERE)))
        : ask(languageModels, opening, prompt, context),
  };
}

const ELSEWHERE =
  "Only VS Code can ask its language models. Open the folder there, or choose another agent.";

async function ask(
  models: LanguageModels,
  { definition, prices }: Opening,
  prompt: AgentPrompt,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  const vendor = vendorOf(definition);
  const wanted = prompt.model ?? definition.model;
  const patience = patienceFor(numberOf(definition, "timeout"), context.signal);
  if (context.signal.aborted) return stopped("The language model", "repeatable");
  const messages = messagesOf(prompt, definition).map(({ content }) => content);
  const stream = openStream(context);
  context.progress(`asking ${wanted ?? vendor}`);
  try {
    const answer = await models.ask({
      vendor,
      ...(wanted === undefined ? {} : { model: wanted }),
      messages,
      justification: `A workflow asks for it (${context.attempt.path}).`,
      signal: patience.signal,
      receive: (text) => stream.write("text", text),
    });
    stream.end();
    if (answer.type !== "answered") return failed(refusal(answer, vendor, wanted));
    const usage = priced(usageOf(answer, messages, stream.text), answer.model, prices?.());
    if (stream.text.trim() === "") return emptyAnswer(answer.model, usage);
    const agentUsed = `vscode-lm ${answer.model}`;
    return answered(prompt, { response: stream.text, agentUsed, usage });
  } catch (error) {
    if (context.signal.aborted) return stopped("The language model", "repeatable");
    if (!patience.over() || patience.limit === undefined) throw error;
    const message = `The language model of ${vendor} did not finish its answer within ${formatDuration(patience.limit)}. Raise \`timeout\` in the agent's settings, or ask for less.`;
    return failed(failure("timeout", message));
  }
}

function refusal(
  {
    type,
    message,
  }: { readonly type: "missing" | "denied" | "blocked" | "failed"; readonly message: string },
  vendor: string,
  wanted: string | undefined,
) {
  switch (type) {
    case "missing":
      return failure(
        "agent_unavailable",
        `The editor has no language model ${wanted ?? ""} of ${vendor}. Install the extension that brings it and sign in, or name another one in the agent's settings.`.replace(
          "  ",
          " ",
        ),
      );
    case "denied":
      return failure(
        "agent_unavailable",
        `The editor was not allowed to use ${vendor}'s language models: ${message} Allow it in Manage Language Model Access, then retry the task.`,
      );
    case "blocked":
      return failure("agent_error", `${vendor} blocks requests now: ${message} Try again later.`);
    case "failed":
      return failure("agent_error", `The language model of ${vendor} failed: ${message}`);
  }
}

async function examineUse(
  { languageModels }: AdapterPlace,
  { name, definition }: AgentChoice,
): Promise<AgentFinding> {
  const vendor = vendorOf(definition);
  if (languageModels === undefined)
    return {
      severity: "error",
      message: `${name}: ${ELSEWHERE}`,
      fix: "Open the folder in VS Code.",
    };
  const models = await modelsOf(languageModels, vendor);
  const { model } = definition;
  const found = models.find(
    ({ id, family }) => model === undefined || id === model || family === model,
  );
  if (found !== undefined)
    return { severity: "ok", message: `${name}: the editor has ${found.name} of ${vendor}.` };
  const has = models.map(({ id }) => id).join(", ") || "none";
  return {
    severity: "error",
    message:
      `${name}: the editor has no language model ${model ?? ""} of ${vendor} (it has ${has}).`.replace(
        "  ",
        " ",
      ),
    fix: "Install the extension that brings it and sign in, or name another model or vendor.",
  };
}

function vendorOf(definition: AgentRecord): string {
  return textOf(definition, "vendor") ?? USUAL_VENDOR;
}

/** None when the editor does not answer in time. */
async function modelsOf(
  languageModels: LanguageModels,
  vendor: string,
): Promise<readonly LanguageModelInfo[]> {
  return languageModels.list(vendor, AbortSignal.timeout(LOOK)).catch(() => []);
}

/** What a session is set to before its first prompt: mode, model and options, by the names that the agent offers. */
import { type ClientContext, methods, type NewSessionResponse } from "@agentclientprotocol/sdk";
import { type Failure, failure } from "../../run/failure.ts";

export interface SessionWishes {
  readonly title: string;
  readonly model?: string;
  readonly mode?: string;
  /** Values by option. */
  readonly sessionOptions: Readonly<Record<string, string>>;
}

type Option = NonNullable<NewSessionResponse["configOptions"]>[number];

/** Sets a session as wished; undefined when all of it was there, otherwise what was not, with what is. */
export async function setUp(
  agent: ClientContext,
  { title, model, mode, sessionOptions }: SessionWishes,
  { sessionId, modes, configOptions }: NewSessionResponse,
): Promise<Failure | undefined> {
  const offered = configOptions ?? [];
  const known = modes?.availableModes.map(({ id }) => id) ?? [];
  if (mode !== undefined && known.includes(mode)) {
    if (modes?.currentModeId !== mode)
      await agent.request(methods.agent.session.setMode, { sessionId, modeId: mode });
  }
  const wishes: (readonly [name: string, value: string, option: Option | undefined])[] = [
    ...Object.entries(sessionOptions).map(
      ([id, value]) => [id, value, offered.find((option) => option.id === id)] as const,
    ),
    ...(model === undefined ? [] : [["model", model, ofCategory(offered, "model")] as const]),
    ...(mode === undefined || known.includes(mode)
      ? []
      : [["mode", mode, ofCategory(offered, "mode")] as const]),
  ];
  for (const [name, value, option] of wishes) {
    if (option === undefined) return notOffered(title, name, offered, known);
    const values = valuesOf(option);
    if (values !== undefined && !values.includes(value))
      return noSuchValue(title, name, value, values);
    const set =
      option.type === "boolean" ? { type: "boolean" as const, value: value === "true" } : { value };
    await agent.request(methods.agent.session.setConfigOption, {
      sessionId,
      configId: option.id,
      ...set,
    });
  }
  return undefined;
}

/** The model that a session begins with, where the agent says it. */
export function currentModel({ configOptions }: NewSessionResponse): string | undefined {
  const option = ofCategory(configOptions ?? [], "model");
  return option?.type === "select" ? option.currentValue : undefined;
}

function ofCategory(options: readonly Option[], category: string): Option | undefined {
  return options.find((option) => option.category === category || option.id === category);
}

/** Undefined for a switch, which takes true and false. */
function valuesOf(option: Option): readonly string[] | undefined {
  if (option.type === "boolean") return undefined;
  return option.options.flatMap((choice) =>
    "options" in choice ? choice.options.map(({ value }) => value) : [choice.value],
  );
}

function notOffered(
  title: string,
  name: string,
  options: readonly Option[],
  modes: readonly string[],
): Failure {
  const there = options.map(({ id }) => id).join(", ") || "none";
  const also = name === "mode" && modes.length > 0 ? ` Its modes: ${modes.join(", ")}.` : "";
  const message = `${title} offers no choice of ${name}. Its options: ${there}.${also} Correct the agent's settings.`;
  return failure("invalid_input", message);
}

function noSuchValue(
  title: string,
  name: string,
  value: string,
  values: readonly string[],
): Failure {
  const message = `${title} has no ${name} "${value}". It has: ${values.slice(0, 30).join(", ")}. Correct the agent's settings.`;
  return failure("invalid_input", message);
}

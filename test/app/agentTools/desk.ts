/** Another agent's desk: the tools of a real product over a scratch workspace, called as a host calls them. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { callTool, type ToolAnswer } from "../../../src/app/agentTools/agentTool.ts";
import { agentTools } from "../../../src/app/agentTools/agentTools.ts";
import type { App } from "../../../src/app/app.ts";
import type { ComposeOptions } from "../../../src/app/compose.ts";
import { isList, isObject, type Json, type JsonObject } from "../../../src/util/json.ts";
import { type Files, type Scene, scene } from "../../integration/harness/product.ts";

export interface Desk {
  readonly app: App;
  readonly place: Scene;
  call(tool: string, input?: JsonObject, signal?: AbortSignal): Promise<ToolAnswer>;
  /** The facts of an answer that must be one. */
  ask(tool: string, input?: JsonObject): Promise<JsonObject>;
  refused(tool: string, input: JsonObject): Promise<string>;
}

/** All tools, over an app. */
export function toolsOf(app: App) {
  return agentTools({ app: () => app, allowed: () => app.agentAnswers() });
}

/** The tools over a workspace with these files. */
export async function openDesk(
  t: TestContext,
  files: Files,
  options: Partial<ComposeOptions> = {},
): Promise<Desk> {
  const place = await scene(t, files);
  const app = await place.open(options);
  const tools = toolsOf(app);
  const call = (name: string, input: JsonObject = {}, signal = new AbortController().signal) => {
    const tool = tools.find((one) => one.name === name) ?? assert.fail(`no tool ${name}`);
    return callTool(tool, input, { name: "tester over MCP", signal });
  };
  const ask = async (name: string, input?: JsonObject): Promise<JsonObject> => {
    const answer = await call(name, input);
    return answer.ok ? answer.facts : assert.fail(answer.message);
  };
  const refused = async (name: string, input: JsonObject): Promise<string> => {
    const answer = await call(name, input);
    return answer.ok ? assert.fail(`${name} gave ${answer.text}`) : answer.message;
  };
  return { app, place, call, ask, refused };
}

/** A list of objects in the facts, which must be there. */
export function list(facts: JsonObject, key: string): readonly JsonObject[] {
  const found: Json | undefined = facts[key];
  return isList(found) ? found.filter(isObject) : assert.fail(`${key} is no list`);
}

/** A text in the facts, which must be there. */
export function text(facts: JsonObject, key: string): string {
  const found = facts[key];
  return typeof found === "string" ? found : assert.fail(`${key} is no text`);
}

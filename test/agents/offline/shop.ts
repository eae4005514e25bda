/** A small repository with facts planted in it, and ways to ask the offline agent about it. */
import type { TestContext } from "node:test";
import { createOfflineAgent } from "../../../src/agents/offline/offlineAgent.ts";
import { isObject, type Json, type JsonObject } from "../../../src/util/json.ts";
import { attemptIn, scratch } from "../attempt.ts";

export const TASK = "Add rate limiting to the public API";
export const REQUIREMENTS = [
  "- At most 100 requests per minute per key",
  "- Refused requests get status 429",
  "- No new infrastructure",
].join("\n");

const LIMITS = `import { readConfig } from "./config.ts";

/** Bounds of the service. */
export interface Limits {
  readonly perMinute: number;
  readonly burst: number;
}

export const UPLOAD_BYTES = 1_000_000;


// The public API allows 100 requests per minute per key
export const PUBLIC_LIMITS: Limits = { perMinute: 100, burst: 20 };
`;

const SERVER = `import { createServer } from "node:http";
import { PUBLIC_LIMITS } from "./limits.ts";

/** The public API: routes under /v1. */
export function startServer(port: number) {
  return createServer((_, response) => response.end(JSON.stringify(PUBLIC_LIMITS))).listen(port);
}
`;

/** With the facts: the limit at src/limits.ts:12, its user src/server.ts:2, the answer 429 at README.md:5. */
export function shop(test: TestContext): Promise<string> {
  return scratch(test, {
    "src/limits.ts": LIMITS,
    "src/server.ts": SERVER,
    "src/config.ts": "export function readConfig() {\n  return {};\n}\n",
    "test/server.test.ts": 'import { startServer } from "../src/server.ts";\n',
    "README.md":
      "# Shop\n\n## Limits\n\nClients that exceed their quota get 429 with a Retry-After header.\n",
    "package.json": '{\n  "scripts": {\n    "test": "node --test"\n  }\n}\n',
  });
}

/** Nothing in it is about limits or an API. */
export function bakery(test: TestContext): Promise<string> {
  return scratch(test, {
    "src/oven.ts": "/** Degrees Celsius at which bread goes in. */\nexport const BREAD = 230;\n",
    "README.md": "# Bakery\n\nBread is baked before dawn.\n",
  });
}

export interface Answer {
  readonly response: string;
  readonly data: Json | undefined;
  readonly progress: readonly string[];
}

/** One prompt to the offline agent; throws unless it completed. */
export async function ask(
  workspace: string,
  instructions: string,
  outputSchema?: JsonObject,
): Promise<Answer> {
  const attempt = attemptIn(workspace);
  const prompt = outputSchema === undefined ? { instructions } : { instructions, outputSchema };
  const outcome = await createOfflineAgent().prompt(prompt, attempt.context);
  if (outcome.type !== "completed") throw new Error(outcome.failure.message);
  if (!isObject(outcome.result)) throw new Error("The result is no object.");
  const { response, data } = outcome.result;
  return { response: String(response), data, progress: attempt.progress };
}

export const FINDINGS: JsonObject = {
  type: "object",
  required: ["findings"],
  properties: {
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["text", "path", "line"],
        properties: {
          text: { type: "string" },
          path: { type: "string" },
          line: { type: "integer" },
        },
      },
    },
  },
};

/** The planning prompt of the seed's workflow. */
export function planPrompt(results: Json, requirements = REQUIREMENTS, task?: string): string {
  return `Based on the research findings, create a detailed plan:
${task === undefined ? "" : `\nTask: ${task}\n`}
Requirements: ${requirements}

Research Results:
${JSON.stringify(results, null, 2)}

Generate a structured plan with:
1. Overview
2. Step-by-step approach
3. Risk mitigation
4. Success criteria
`;
}

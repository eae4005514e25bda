/**
 * The scripted agent: answers from a file, for tests and demonstrations.
 * Owns the performing of a script's rules and the call log. Knows neither registry nor engine.
 */
import { appendFile, mkdir, open, rm, writeFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActivityContext } from "../../engine/activity.ts";
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome, Effects } from "../../run/request.ts";
import { type Adapter, type AgentFinding, textOf } from "../adapter.ts";
import type { Agent, AgentChoice, AgentPrompt } from "../agent.ts";
import { answered, failed, stopped } from "../answer.ts";
import { matchRule, readScript, type ScriptRule } from "./script.ts";

export interface ScriptedAgentOptions {
  /** The agent's catalogue name, for rules and messages. */
  readonly name: string;
  /** Absolute path of the script; read anew at every prompt. */
  readonly script: string;
  readonly effects: Effects;
}

export const scriptedAdapter: Adapter = {
  kind: "scripted",
  describes: "answers from a file, for tests",
  settings: {
    script: { form: "text", describes: "A YAML file of `rules` that say what to answer." },
  },
  check: (record) =>
    textOf(record, "script") === undefined
      ? 'has the adapter scripted but no script. Add "script": "path" to its settings.'
      : undefined,
  settle: (record, { workspace }) => ({
    ...record,
    script: resolve(workspace, textOf(record, "script") ?? ""),
  }),
  usualEffects: () => "repeatable",
  open: ({ name, definition, effects }) =>
    createScriptedAgent({ name, script: textOf(definition, "script") ?? "", effects }),
  examine: async (_place, uses) => (await Promise.all(uses.map(examineUse))).flat(),
};

async function examineUse({ name, definition }: AgentChoice): Promise<readonly AgentFinding[]> {
  const script = await readScript(textOf(definition, "script") ?? "");
  if ("rules" in script) return [];
  const fix = "Correct the script, or where the agent's settings look for it.";
  return [{ severity: "error", message: `${name}: ${script.message}`, fix }];
}

/** An agent that answers by its script's first matching rule. Without one it fails with `agent_error`. */
export function createScriptedAgent(options: ScriptedAgentOptions): Agent {
  return {
    kind: "scripted",
    effects: options.effects,
    prompt: (prompt, context) => promptScript(options, prompt, context),
  };
}

async function promptScript(
  { name, script: file, effects }: ScriptedAgentOptions,
  prompt: AgentPrompt,
  context: ActivityContext,
): Promise<ActivityOutcome> {
  const script = await readScript(file);
  if (!("rules" in script)) return failed(script);
  if (script.log !== undefined) await logCall(script.log, name, context);
  const { path, attempt } = context.attempt;
  const rule = matchRule(script, { agent: name, path, attempt, instructions: prompt.instructions });
  if (rule === undefined) {
    const message = `No rule in ${file} matches ${name} at ${path}, attempt ${attempt}. Add one, or a last rule without conditions.`;
    return failed(failure("agent_error", message));
  }
  for (const line of rule.lines ?? []) context.output(line);
  const refused = rule.ask === undefined ? undefined : await askFor(rule.ask, context);
  if (context.signal.aborted) return stopped(name, effects);
  if (refused !== undefined)
    return failed(failure("agent_error", `${name} ${refused}: ${rule.ask}`));
  if (!(await waited(rule, context.signal))) return stopped(name, effects);
  await writeFiles(rule.files ?? {}, context.workspace);
  return outcomeOf(rule, name, prompt);
}

/** Files inside the workspace only: a script is no way out of it. */
async function writeFiles(files: NonNullable<ScriptRule["files"]>, root: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = resolve(root, path);
    if (!file.startsWith(`${root}${sep}`)) throw new Error(`${path} lies outside of the workspace`);
    if (text === null) await rm(file, { force: true });
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
}

/** Asks as agents do; undefined once it is allowed, otherwise what became of the request. */
async function askFor(what: string, context: ActivityContext): Promise<string | undefined> {
  const reply = await context.ask({ message: what, options: OPTIONS });
  if (reply.kind === "none") return "could not ask";
  if (reply.decision === "dismiss") return "was told that its request was cancelled";
  return reply.decision.startsWith("allow") ? undefined : "was not allowed to";
}

const OPTIONS = [
  { id: "once", label: "Allow", kind: "allow_once" },
  { id: "always", label: "Always allow", kind: "allow_always" },
  { id: "no", label: "Reject", kind: "reject_once" },
] as const;

function outcomeOf(rule: ScriptRule, name: string, prompt: AgentPrompt): ActivityOutcome {
  if (rule.fail !== undefined)
    return failed(failure(rule.fail.code, rule.fail.message), rule.usage);
  if (rule.unknown !== undefined) {
    return { type: "unknown", failure: failure("outcome_unknown", rule.unknown) };
  }
  const changed = rule.files_changed ?? (rule.files && Object.keys(rule.files));
  const response =
    rule.response ?? (rule.data === undefined ? `${name} answered.` : JSON.stringify(rule.data));
  return answered(prompt, {
    response,
    agentUsed: "scripted",
    ...(rule.data === undefined ? {} : { data: rule.data }),
    ...(rule.usage === undefined ? {} : { usage: rule.usage }),
    ...(changed === undefined ? {} : { filesChanged: changed }),
  });
}

/** False when the signal aborted first. */
async function waited(rule: ScriptRule, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (rule.hang === true) {
    // The interval keeps a process alive that has nothing else to wait for: a hang must look like one.
    const alive = setInterval(() => undefined, 60_000);
    await new Promise<void>((done) =>
      signal.addEventListener("abort", () => done(), { once: true }),
    );
    clearInterval(alive);
    return false;
  }
  if (rule.delay === undefined || rule.delay === 0) return true;
  return sleep(rule.delay, true, { signal }).catch(() => false);
}

/** One synced JSON line a call, so that a test can count calls even when the host was killed right after. */
async function logCall(file: string, agent: string, context: ActivityContext): Promise<void> {
  const { run, path, attempt, token, key } = context.attempt;
  const line = { at: new Date().toISOString(), agent, run, path, attempt, token, key };
  const handle = await open(file, "a");
  try {
    await appendFile(handle, `${JSON.stringify(line)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/**
 * What a file says under `agents`: settings that nobody reads, of an agent that nobody asks, of one agent twice.
 * Owns those words; which settings there are is known outside.
 */
import { isList, isObject, type Json } from "../../util/json.ts";
import { type Checking, reportNoEffect } from "../check/checking.ts";
import { reportUnrendered } from "../check/templates.ts";
import { closest } from "../closest.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { callsSecret } from "../read/secret.ts";
import { agentName } from "./agentKey.ts";
import { agentsWanted } from "./agentNames.ts";

/** Checks the settings of agents of a file. */
export function checkAgents(checking: Checking): void {
  const { workflow } = checking;
  const wanted = namesWanted(checking);
  const written = Object.keys(workflow.agents);
  const set = new Map<string, string>();
  for (const key of written) {
    const name = agentName(key);
    const twin = set.get(name);
    if (twin !== undefined) reportTwin(checking, key, twin);
    else if (!wanted.has(name)) reportUnasked(checking, key, wanted);
    set.set(name, key);
    checkSettings(checking, key);
  }
}

function namesWanted({ workflow, lookups }: Checking): ReadonlySet<string> {
  const byDefault = lookups.defaultAgent ?? "@task";
  return new Set([...agentsWanted(workflow)].map((name) => name ?? byDefault));
}

function checkSettings(checking: Checking, written: string): void {
  const { workflow, lookups } = checking;
  const settings = workflow.agents[written];
  if (!isObject(settings)) return;
  checkTexts(checking, settings, ["agents", written]);
  for (const { key, idle, ...problem } of lookups.agentSettings?.(settings) ?? []) {
    const at = ["agents", written, key];
    if (idle) reportNoEffect(checking, at, problem.message);
    else checking.report({ at, code: "agent-setting", ...problem });
  }
}

/** Settings are read before anything runs: nothing in them is ever rendered. */
function checkTexts(checking: Checking, value: Json, path: DocumentPath): void {
  if (isList(value)) {
    for (const [index, item] of value.entries()) checkTexts(checking, item, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) checkTexts(checking, item, [...path, key]);
  } else if (typeof value === "string" && callsSecret(value)) {
    const message = `In an agent's settings a secret is written \`$\{secret:NAME}\`.`;
    checking.report({ at: path, code: "agent-setting", message });
  } else if (typeof value === "string") {
    reportUnrendered(checking, { path, text: value });
  }
}

function reportTwin(checking: Checking, written: string, twin: string): void {
  const message = `\`${written}\` and \`${twin}\` are one agent. Put its settings in one place.`;
  checking.report({ at: ["agents", written], part: "key", code: "duplicate-agent", message });
}

/** A workflow's settings are for its own steps: those of another file, called or calling, do not count. */
function reportUnasked(checking: Checking, written: string, wanted: ReadonlySet<string>): void {
  const set = Object.keys(checking.workflow.agents).map(agentName);
  // A step that names an agent which is nowhere is told of this one instead.
  const known = checking.lookups.agents && [...checking.lookups.agents].map(agentName);
  const meant = closest(
    agentName(written),
    [...wanted].filter((name) => !set.includes(name) && known?.includes(name) !== false),
  );
  const suggestion = written.startsWith("@") ? meant : meant?.slice(1);
  checking.report({
    at: ["agents", written],
    part: "key",
    severity: "warning",
    code: "unasked-agent",
    message: `No step of this file asks \`${agentName(written)}\`, so its settings do nothing.`,
    suggestion,
  });
}

/**
 * The catalogue of agents: which `@names` exist, what each is told, and where that was written.
 * Owns the agent file format, the folders it is read from and their precedence. Chooses no adapter, starts nothing.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { readPlainFile } from "../../search/plainFile.ts";
import { AGENT } from "../../workflow/schema/shape.ts";
import { ADAPTER_KINDS, adapterOf } from "../adapters.ts";
import { BUILT_IN } from "./builtInDefinitions.ts";
import type { AgentDefinition } from "./definition.ts";

/** A problem in an agent file. Lines count from 1. */
export interface AgentDiagnostic {
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface AgentCatalogue {
  /** By name, sorted. Always holds `@task` and `@code-standards-reviewer`. */
  readonly agents: ReadonlyMap<string, AgentDefinition>;
  readonly diagnostics: readonly AgentDiagnostic[];
}

/** Where agent files live, the strongest first: a name found in an earlier folder hides the same name in a later one. */
const FOLDERS: readonly { readonly path: string; readonly ending: string }[] = [
  { path: ".fermata/agents", ending: ".md" },
  { path: ".github/agents", ending: ".agent.md" },
  { path: ".claude/agents", ending: ".md" },
];

const MAX_FILE_BYTES = 256 * 1024;

/** True for a name as workflows write it, with its `@`. */
export function isAgentName(name: string): boolean {
  return AGENT.pattern.test(name);
}

/** Reads the catalogue of a workspace. Broken files become diagnostics; missing folders are no problem. */
export async function readCatalogue(workspace: string): Promise<AgentCatalogue> {
  const agents = new Map<string, AgentDefinition>();
  const diagnostics: AgentDiagnostic[] = [];
  for (const folder of FOLDERS) {
    for (const file of await agentFiles(workspace, folder)) {
      const parsed = await readAgentFile(workspace, file, folder.ending);
      diagnostics.push(...parsed.diagnostics);
      const definition = parsed.definition;
      if (definition === undefined) continue;
      const earlier = agents.get(definition.name);
      if (earlier === undefined) agents.set(definition.name, definition);
      else diagnostics.push(hidden(definition, earlier));
    }
  }
  for (const definition of BUILT_IN) {
    if (!agents.has(definition.name)) agents.set(definition.name, definition);
  }
  return { agents: new Map([...agents].sort(([a], [b]) => (a < b ? -1 : 1))), diagnostics };
}

/** Reads one agent file's text. `ending` is cut from the file's name when the file names no agent itself. */
export function parseAgentFile(
  file: string,
  text: string,
  ending = ".md",
): { definition?: AgentDefinition; diagnostics: readonly AgentDiagnostic[] } {
  const diagnostics: AgentDiagnostic[] = [];
  const report = (line: number, message: string, severity: "error" | "warning" = "error") => {
    diagnostics.push({ severity, file, line, message });
  };
  const parts = splitFrontMatter(text);
  if (parts === undefined) {
    report(
      1,
      "The front matter opened with --- is never closed. Add a line --- after its last key.",
    );
    return { diagnostics };
  }
  const matter = readFrontMatter(parts.matter, report);
  if (matter === undefined) return { diagnostics };

  const base = (file.split("/").at(-1) ?? file).slice(0, -ending.length);
  const written = matter.text("name") ?? base;
  const name = `@${written
    .replace(/^@/, "")
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-")}`;
  if (!isAgentName(name)) {
    report(
      matter.line("name"),
      `"${written}" is no agent name. Use letters, digits, ".", "_" and "-", and begin with a letter or digit.`,
    );
    return { diagnostics };
  }
  const systemPrompt = parts.body.trim();
  if (systemPrompt === "") {
    report(
      parts.bodyLine,
      `${name} has no text. Write what the agent is and does under the front matter.`,
      "warning",
    );
  }
  const adapter = matter.text("adapter");
  if (adapter !== undefined && adapterOf(adapter) === undefined) {
    report(
      matter.line("adapter"),
      `"${adapter}" is no adapter. Use one of ${ADAPTER_KINDS.join(", ")}.`,
    );
    return { diagnostics };
  }
  const model = matter.text("model");
  const tools = matter.list("tools");
  const definition: AgentDefinition = {
    name,
    description: matter.text("description") ?? "",
    systemPrompt,
    source: file,
    ...(model === undefined || model === "inherit" ? {} : { model }),
    ...(tools === undefined ? {} : { tools }),
    ...(adapter === undefined ? {} : { adapter }),
  };
  return { definition, diagnostics };
}

async function agentFiles(
  workspace: string,
  folder: { readonly path: string; readonly ending: string },
): Promise<string[]> {
  try {
    const names = await readdir(join(workspace, folder.path));
    return names
      .filter((name) => name.endsWith(folder.ending))
      .sort()
      .map((name) => `${folder.path}/${name}`);
  } catch {
    return [];
  }
}

async function readAgentFile(workspace: string, file: string, ending: string) {
  try {
    const bytes = await readPlainFile(join(workspace, file), { most: MAX_FILE_BYTES });
    return parseAgentFile(file, bytes.toString("utf8"), ending);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `This agent file cannot be read: ${reason}.`;
    return { diagnostics: [{ severity: "error" as const, file, line: 1, message }] };
  }
}

function hidden(later: AgentDefinition, earlier: AgentDefinition): AgentDiagnostic {
  return {
    severity: "warning",
    file: later.source,
    line: 1,
    message: `${later.name} is also defined in ${earlier.source}, which wins. Rename or remove one of them.`,
  };
}

/** Front matter and body; undefined when the front matter has no end. */
function splitFrontMatter(
  text: string,
): { matter: string; body: string; bodyLine: number } | undefined {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines[0]?.trimEnd() !== "---") return { matter: "", body: lines.join("\n"), bodyLine: 1 };
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  if (end < 0) return undefined;
  return {
    matter: lines.slice(1, end).join("\n"),
    body: lines.slice(end + 1).join("\n"),
    bodyLine: end + 2,
  };
}

interface FrontMatter {
  readonly text: (key: string) => string | undefined;
  readonly list: (key: string) => readonly string[] | undefined;
  /** The key's line in the file; the first line when it is absent. */
  readonly line: (key: string) => number;
}

function readFrontMatter(
  matter: string,
  report: (line: number, message: string) => void,
): FrontMatter | undefined {
  const lineCounter = new LineCounter();
  const document = parseDocument(matter, { lineCounter, prettyErrors: false });
  // The front matter starts on the file's second line.
  const fileLine = (offset: number) => lineCounter.linePos(offset).line + 1;
  for (const error of document.errors)
    report(fileLine(error.pos[0]), `Front matter: ${error.message}`);
  if (document.errors.length > 0) return undefined;
  if (document.contents !== null && !isMap(document.contents)) {
    report(2, "The front matter must be keys and values, such as name: and description:.");
    return undefined;
  }
  const pairs = document.contents?.items ?? [];
  const pair = (key: string) => pairs.find((item) => isScalar(item.key) && item.key.value === key);
  const value = (key: string): unknown => document.toJS()?.[key];
  return {
    text: (key) => {
      const found = value(key);
      if (found === undefined || found === null || typeof found === "object") return undefined;
      return String(found);
    },
    list: (key) => {
      const found = value(key);
      if (Array.isArray(found)) return found.map(String);
      if (typeof found !== "string") return undefined;
      return found
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
    },
    line: (key) => {
      const node = pair(key)?.key;
      return isScalar(node) && node.range ? fileLine(node.range[0]) : 1;
    },
  };
}

/**
 * Reads the text of an MCP configuration: `.mcp.json` ({mcpServers}) and `.vscode/mcp.json` ({servers}), comments
 * and trailing commas allowed. Pure: owns the two shapes and their errors with positions; must not know files,
 * processes or the values of variables, which are put in only when a trusted workspace connects.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { closest } from "../workflow/closest.ts";
import type { FileDiagnostic, Position, Range } from "../workflow/diagnostic.ts";

/** Where a server is written down. */
export interface ConfigPlace {
  readonly fileName: string;
  readonly range: Range;
}

export interface StdioConfig {
  readonly kind: "stdio";
  readonly name: string;
  readonly at: ConfigPlace;
  /** Program and arguments; variables not yet put in, here and below. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface HttpConfig {
  readonly kind: "http";
  readonly name: string;
  readonly at: ConfigPlace;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An entry that cannot be used; whoever calls one of its tools is told why. */
export interface BrokenConfig {
  readonly kind: "broken";
  readonly name: string;
  readonly at: ConfigPlace;
  readonly problem: FileDiagnostic;
}

export type ServerConfig = StdioConfig | HttpConfig | BrokenConfig;

export interface McpConfig {
  readonly servers: readonly ServerConfig[];
  readonly diagnostics: readonly FileDiagnostic[];
}

/**
 * Parses one file. `fileName` is what diagnostics name, and its last part decides nothing: both shapes are read in
 * either file, because people copy entries between them. A text that is no JSON gives one diagnostic and no servers.
 */
export function parseMcpConfig(text: string, fileName: string): McpConfig {
  const lines = new LineCounter();
  const document = parseDocument(withoutComments(text), { lineCounter: lines, version: "1.2" });
  const reader = createReader(fileName, lines);
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [start, end] = broken.pos;
    const what = broken.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";
    reader.report("mcp-config-syntax", `This is not JSON: ${what}.`, start, end);
    return { servers: [], diagnostics: reader.diagnostics };
  }
  if (document.contents === null) return { servers: [], diagnostics: [] };
  const servers = readServers(document.contents, reader);
  return { servers, diagnostics: reader.diagnostics };
}

/** Blanks out `//` and block comments outside strings; every offset stays where it was. */
function withoutComments(text: string): string {
  const token = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  return text.replace(token, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, " "),
  );
}

interface Reader {
  readonly fileName: string;
  readonly diagnostics: FileDiagnostic[];
  readonly range: (start: number, end: number) => Range;
  readonly report: (code: string, message: string, start: number, end: number) => FileDiagnostic;
}

function createReader(fileName: string, lines: LineCounter): Reader {
  const diagnostics: FileDiagnostic[] = [];
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), offset };
  };
  const range = (start: number, end: number): Range => ({
    start: position(start),
    end: position(end),
  });
  const report: Reader["report"] = (code, message, start, end) => {
    const found: FileDiagnostic = {
      fileName,
      severity: "error",
      code,
      message,
      range: range(start, end),
    };
    diagnostics.push(found);
    return found;
  };
  return { fileName, diagnostics, range, report };
}

const TABLES = ["mcpServers", "servers"] as const;

function readServers(contents: Node, reader: Reader): readonly ServerConfig[] {
  if (!isMap(contents)) {
    reportAt(reader, contents, "An MCP configuration is an object with `mcpServers` or `servers`.");
    return [];
  }
  const tables = TABLES.map((name) => contents.get(name, true)).filter(
    (table) => table !== undefined,
  );
  if (tables.length === 0 && contents.items.length > 0) {
    const keys = contents.items.map((pair) => textOf(pair.key) ?? "");
    const meant = keys.find((key) => closest(key, TABLES) !== undefined);
    const hint = meant === undefined ? "" : ` \`${meant}\` is not read.`;
    reportAt(reader, contents, `Expected \`mcpServers\` or \`servers\` at the top.${hint}`);
  }
  return tables.flatMap((table) => {
    if (isMap(table)) return table.items.flatMap((pair) => readServer(pair, reader));
    reportAt(reader, table as Node, "The servers are an object: a name and its settings for each.");
    return [];
  });
}

type Entry = YAMLMap["items"][number];

function readServer(pair: Entry, reader: Reader): readonly ServerConfig[] {
  const name = textOf(pair.key) ?? "";
  const key = pair.key as Node;
  const at: ConfigPlace = { fileName: reader.fileName, range: reader.range(...span(key)) };
  const broken = (problem: FileDiagnostic): readonly ServerConfig[] => [
    { kind: "broken", name, at, problem },
  ];
  if (name === "" || name.includes(".")) {
    return broken(
      reportAt(
        reader,
        key,
        "A server's name is not empty and has no dot: tools are called as `server.tool`.",
      ),
    );
  }
  if (!isMap(pair.value)) {
    return broken(
      reportAt(reader, key, `\`${name}\` needs an object with a \`command\` or a \`url\`.`),
    );
  }
  const fields = pair.value;
  if (fields.get("disabled") === true) return [];
  const before = reader.diagnostics.length;
  const server = readFields({ name, at, fields, key, reader });
  const problem = reader.diagnostics[before];
  if (problem !== undefined) return broken(problem);
  warnOfArguments(fields, reader);
  return server === undefined ? [] : [server];
}

interface Fields {
  readonly name: string;
  readonly at: ConfigPlace;
  readonly fields: YAMLMap;
  readonly key: Node;
  readonly reader: Reader;
}

function readFields({ name, at, fields, key, reader }: Fields): ServerConfig | undefined {
  refuseInputs(fields, reader);
  const type = textOf(fields.get("type", true));
  if (
    type !== undefined &&
    !["stdio", "http", "streamable-http", "streamableHttp"].includes(type)
  ) {
    const old =
      type === "sse"
        ? " The SSE transport was replaced in 2025: give the server's streamable HTTP `url`."
        : "";
    reportAt(
      reader,
      fields.get("type", true) as Node,
      `\`type\` is \`stdio\` or \`http\`, not \`${type}\`.${old}`,
    );
    return undefined;
  }
  const command = readText(fields, "command", reader);
  const url = readText(fields, "url", reader);
  if (type === "stdio" ? command === undefined : command === undefined && url === undefined) {
    reportAt(
      reader,
      key,
      `\`${name}\` needs a \`command\` (a local server) or a \`url\` (streamable HTTP).`,
    );
    return undefined;
  }
  if (command !== undefined && type !== "http") {
    const args = readList(fields, "args", reader);
    const cwd = readText(fields, "cwd", reader);
    const env = readTable(fields, "env", reader);
    return {
      kind: "stdio",
      name,
      at,
      command: [command, ...args],
      env,
      ...(cwd !== undefined && { cwd }),
    };
  }
  const headers = readTable(fields, "headers", reader);
  if (url !== undefined && !/^(?:https?:\/\/|\$\{)/.test(url)) {
    reportAt(
      reader,
      fields.get("url", true) as Node,
      "A server's `url` starts with http:// or https://.",
    );
  }
  return { kind: "http", name, at, url: url ?? "", headers };
}

/** `${input:…}` asks the person in the editor each time; nobody can answer it in a run that goes on by itself. */
function refuseInputs(fields: YAMLMap, reader: Reader): void {
  const visit = (node: unknown): void => {
    if (isMap(node)) for (const pair of node.items) visit(pair.value);
    else if (isSeq(node)) for (const item of node.items) visit(item);
    else if (isScalar(node) && typeof node.value === "string") {
      const asked = /\$\{input:([^}]*)\}/.exec(node.value);
      if (asked === null) return;
      const message = `\`\${input:${asked[1]}}\` asks in the editor and cannot be used here. Put the value into an environment variable and write \`\${env:NAME}\`.`;
      reportAt(reader, node as Node, message);
    }
  };
  visit(fields);
}

/** What a program is started with can be read by everyone on the machine, as long as it runs. */
function warnOfArguments(fields: YAMLMap, reader: Reader): void {
  const args: unknown = fields.get("args", true);
  for (const item of isSeq(args) ? args.items : []) {
    const named = /\$\{secret:([A-Za-z_]\w*)\}/.exec(textOf(item) ?? "")?.[1];
    if (named === undefined) continue;
    const message = `The secret ${named} in \`args\` can be read by everyone on this machine who lists its processes. Give it in \`env\`, if the server takes it there.`;
    const range = reader.range(...span(item as Node));
    const { fileName } = reader;
    reader.diagnostics.push({
      ...{ fileName, severity: "warning", code: "mcp-secret-shown", message, range },
    });
  }
}

function readText(fields: YAMLMap, name: string, reader: Reader): string | undefined {
  const node = fields.get(name, true);
  if (node === undefined) return undefined;
  const text = textOf(node);
  if (text !== undefined && text !== "") return text;
  reportAt(reader, node as Node, `\`${name}\` is a text that is not empty.`);
  return undefined;
}

function readList(fields: YAMLMap, name: string, reader: Reader): readonly string[] {
  const node: unknown = fields.get(name, true);
  if (node === undefined) return [];
  const items = isSeq(node) ? node.items.map(textOf) : [undefined];
  const texts = items.filter((item) => item !== undefined);
  if (texts.length < items.length)
    reportAt(reader, node as Node, `\`${name}\` is a list of texts.`);
  return texts;
}

function readTable(
  fields: YAMLMap,
  name: string,
  reader: Reader,
): Readonly<Record<string, string>> {
  const node: unknown = fields.get(name, true);
  if (node === undefined) return {};
  const table = new Map<string, string>();
  if (!isMap(node)) reportAt(reader, node as Node, `\`${name}\` is an object of texts.`);
  for (const pair of isMap(node) ? node.items : []) {
    const value = isScalar(pair.value) ? pair.value.value : undefined;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      table.set(textOf(pair.key) ?? "", String(value));
    } else if (value !== null)
      reportAt(reader, pair.key as Node, `\`${name}\` is an object of texts.`);
  }
  return Object.fromEntries(table);
}

function textOf(node: unknown): string | undefined {
  const value = isScalar(node) ? node.value : node;
  return typeof value === "string" ? value : undefined;
}

function reportAt(reader: Reader, node: Node, message: string): FileDiagnostic {
  return reader.report("mcp-config", message, ...span(node));
}

function span(node: Node): [number, number] {
  const [start, end] = node.range ?? [0, 0];
  return [start, end];
}

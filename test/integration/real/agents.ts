/**
 * The real agents that the tests talk to: where each program comes from, how it is pointed at a model on loopback, and
 * how that model uses its tools. Owns what is the vendor's; knows no test.
 */
import { agentProgram, type ProgramName } from "../../../scripts/testing/agentPrograms.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import type { ModelTurn } from "../../vendors/modelTurn.ts";

export interface RealAgent {
  readonly program: ProgramName;
  /** It works on another machine, behind an SSH server of this one. */
  readonly over?: "ssh";
  /** Where its program asks for permission. Absent: it has no way to ask. */
  readonly asks?: true;
  /** What the settings say of it. `url`: the model's server. */
  readonly settings: (program: string, url: string) => JsonObject;
  /** Variables of its vendor. */
  readonly env: (url: string) => Promise<Readonly<Record<string, string>>>;
  /** The model's turns by which it reads a file, writes one, and answers with data. */
  readonly reads: (file: string) => ModelTurn;
  readonly writes: (file: string, text: string) => ModelTurn;
  readonly answers: (data: JsonObject) => readonly ModelTurn[];
}

const words = (data: JsonObject): readonly ModelTurn[] => [{ text: JSON.stringify(data) }];

const ANTHROPIC = (url: string) => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: "sk-test",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
});

const claudeTools = {
  reads: (file_path: string): ModelTurn => ({ tool: "Read", input: { file_path } }),
  writes: (file_path: string, content: string): ModelTurn => ({
    tool: "Write",
    input: { file_path, content },
  }),
};

const codexTools = {
  reads: (file: string): ModelTurn => ({ tool: "exec_command", input: { cmd: `cat '${file}'` } }),
  writes: (file: string, text: string): ModelTurn => {
    const lines = ["*** Begin Patch", `*** Add File: ${file}`, `+${text}`, "*** End Patch"];
    const cmd = `apply_patch <<"EOF"\n${lines.join("\n")}\nEOF`;
    return { tool: "exec_command", input: { cmd } };
  },
};

/** A provider of codex's configuration. */
const loopbackProvider = (url: string) => ({
  ...{ name: "loopback", base_url: `${url}/v1`, env_key: "OPENAI_API_KEY" },
  ...{ wire_api: "responses", request_max_retries: 0, stream_max_retries: 0 },
});

const CLAUDE: RealAgent = {
  program: "claude",
  asks: true,
  settings: (program) => ({ adapter: "claude", command: [program], permission_mode: "default" }),
  env: async (url) => ANTHROPIC(url),
  ...claudeTools,
  answers: (data) => [{ tool: "StructuredOutput", input: data }, { text: "Done." }],
};

const CODEX: RealAgent = {
  program: "codex",
  settings: (program, url) => ({
    ...{ adapter: "codex", command: [program], model: "test-model" },
    config: {
      model_provider: '"loopback"',
      "model_providers.loopback": toml(loopbackProvider(url)),
    },
  }),
  env: async () => ({ OPENAI_API_KEY: "sk-test" }),
  ...codexTools,
  answers: words,
};

export const REAL_AGENTS: readonly RealAgent[] = [
  CLAUDE,
  CODEX,
  // What a program there can do is not asked beforehand: the schema goes over in words.
  { ...CLAUDE, over: "ssh", answers: words },
  { ...CODEX, over: "ssh" },
  {
    program: "codex-acp",
    asks: true,
    settings: (program) => ({
      ...{ adapter: "acp", acp_agent: "codex", command: [program], session_mode: "read-only" },
    }),
    env: async (url) => ({
      OPENAI_API_KEY: "sk-test",
      CODEX_PATH: await agentProgram("codex", () => undefined),
      CODEX_CONFIG: JSON.stringify({
        model: "test-model",
        model_provider: "loopback",
        model_providers: { loopback: loopbackProvider(url) },
      }),
    }),
    ...codexTools,
    answers: words,
  },
  {
    program: "claude-agent-acp",
    asks: true,
    settings: (program) => ({
      adapter: "acp",
      acp_agent: "claude",
      command: [program],
      session_mode: "default",
    }),
    env: async (url) => ({
      ...ANTHROPIC(url),
      CLAUDE_CODE_EXECUTABLE: await agentProgram("claude", () => undefined),
    }),
    ...claudeTools,
    answers: words,
  },
  {
    program: "opencode",
    asks: true,
    settings: (program) => ({ adapter: "acp", acp_agent: "opencode", command: [program, "acp"] }),
    env: async (url) => ({
      OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(url)),
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      OPENCODE_PURE: "1",
    }),
    reads: (filePath) => ({ tool: "read", input: { filePath } }),
    writes: (filePath, content) => ({ tool: "write", input: { filePath, content } }),
    answers: words,
  },
];

/** A flat object as one of TOML. */
function toml(values: Readonly<Record<string, string | number>>): string {
  const fields = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `{${fields.join(",")}}`;
}

function opencodeConfig(url: string): JsonObject {
  const models = { test: { name: "Test", tool_call: true } };
  const options = { baseURL: `${url}/v1`, apiKey: "sk-test" };
  return {
    model: "loopback/test",
    small_model: "loopback/test",
    permission: { edit: "ask", bash: "ask" },
    ...{ autoupdate: false, share: "disabled", snapshot: false, formatter: false, lsp: false },
    provider: {
      loopback: { npm: "@ai-sdk/openai-compatible", name: "Loopback", options, models },
    },
  };
}

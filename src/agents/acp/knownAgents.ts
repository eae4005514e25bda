/**
 * The agents that speak the Agent Client Protocol and are known by name: how each is started, and what shows that it is
 * ready. Owns the data; a command in the settings does for any other. Sources: the vendors' own documentation.
 */

export interface KnownAgent {
  /** What `acp_agent` in the settings says. */
  readonly name: string;
  /** How people call it. */
  readonly title: string;
  readonly command: readonly string[];
  /** How to get it: the rest of "Install it with ...". */
  readonly install: string;
  /** How to log in: the rest of a sentence after "To log in, ". */
  readonly login: string;
  /** Names of variables that are its vendor's own. */
  readonly variables: RegExp;
  /** Variables that hold its credentials. */
  readonly keys: readonly string[];
  /** Files in the home folder that a login leaves behind. */
  readonly files: readonly string[];
}

const ANTHROPIC = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

/** In the order in which they are looked for. */
export const KNOWN_AGENTS: readonly KnownAgent[] = [
  {
    name: "claude",
    title: "Claude Code",
    command: ["claude-agent-acp"],
    install: "npm install -g @agentclientprotocol/claude-agent-acp",
    login: "run claude once, or set ANTHROPIC_API_KEY.",
    variables: /^(?:ANTHROPIC_|CLAUDE_|AWS_|GOOGLE_|CLOUD_ML_|VERTEX_|DISABLE_)/i,
    keys: ANTHROPIC,
    files: [".claude/.credentials.json"],
  },
  {
    name: "codex",
    title: "Codex",
    command: ["codex-acp"],
    install: "npm install -g @agentclientprotocol/codex-acp",
    login: "run codex login, or set OPENAI_API_KEY.",
    variables: /^(?:OPENAI_|CODEX_)/i,
    keys: ["OPENAI_API_KEY", "CODEX_API_KEY"],
    files: [".codex/auth.json"],
  },
  {
    name: "gemini",
    title: "Gemini CLI",
    command: ["gemini", "--acp"],
    install: "npm install -g @google/gemini-cli",
    login: "run gemini once, or set GEMINI_API_KEY.",
    variables: /^(?:GEMINI_|GOOGLE_|CLOUDSDK_)/i,
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    files: [".gemini/oauth_creds.json"],
  },
  {
    name: "opencode",
    title: "OpenCode",
    command: ["opencode", "acp"],
    install: "npm install -g opencode-ai",
    login: "run opencode auth login, or set the key of its provider.",
    variables:
      /^(?:OPENCODE_|ANTHROPIC_|OPENAI_|GEMINI_|GOOGLE_|OPENROUTER_|GROQ_|MISTRAL_|XAI_|AWS_|AZURE_)/i,
    keys: ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY"],
    files: [".local/share/opencode/auth.json", ".config/opencode/opencode.json"],
  },
  {
    name: "copilot",
    title: "GitHub Copilot CLI",
    command: ["copilot", "--acp"],
    install: "npm install -g @github/copilot",
    login: "run copilot and say /login, or set COPILOT_GITHUB_TOKEN.",
    variables: /^(?:COPILOT_|GH_|GITHUB_)/i,
    keys: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
    files: [".copilot/config.json"],
  },
  {
    name: "goose",
    title: "goose",
    command: ["goose", "acp"],
    install: "the script at https://block.github.io/goose",
    login: "run goose configure.",
    variables:
      /^(?:GOOSE_|ANTHROPIC_|OPENAI_|GOOGLE_|GEMINI_|OPENROUTER_|DATABRICKS_|OLLAMA_|AWS_|AZURE_)/i,
    keys: ["GOOSE_PROVIDER"],
    files: [".config/goose/config.yaml"],
  },
  {
    name: "qwen",
    title: "Qwen Code",
    command: ["qwen", "--acp"],
    install: "npm install -g @qwen-code/qwen-code",
    login: "run qwen once, or set OPENAI_API_KEY and OPENAI_BASE_URL.",
    variables: /^(?:QWEN_|OPENAI_|DASHSCOPE_|BAILIAN_)/i,
    keys: ["DASHSCOPE_API_KEY"],
    files: [".qwen/oauth_creds.json"],
  },
  {
    name: "kimi",
    title: "Kimi CLI",
    command: ["kimi", "acp"],
    install: "uv tool install kimi-cli",
    login: "run kimi once and say /login.",
    variables: /^(?:KIMI_|MOONSHOT_)/i,
    keys: ["KIMI_API_KEY", "MOONSHOT_API_KEY"],
    files: [".kimi/config.toml"],
  },
  {
    name: "cursor",
    title: "Cursor CLI",
    command: ["cursor-agent", "acp"],
    install: "the script at https://cursor.com/cli",
    login: "run cursor-agent login, or set CURSOR_API_KEY.",
    variables: /^CURSOR_/i,
    keys: ["CURSOR_API_KEY"],
    files: [".cursor/cli-config.json"],
  },
];

/** The agent of a name. */
export function knownAgent(name: string | undefined): KnownAgent | undefined {
  return KNOWN_AGENTS.find((known) => known.name === name);
}

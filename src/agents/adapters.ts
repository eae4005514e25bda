/**
 * The table of adapters: a new one is a file of its own and a row here. The order is the order in which they are looked
 * for when nobody chose. Settings, their documentation and their schema follow from it (test/agents/adapters.test.ts).
 */
import { acpAdapter } from "./acp/acpAdapter.ts";
import type { Adapter } from "./adapter.ts";
import { claudeAdapter } from "./cli/claude/claudeAdapter.ts";
import { codexAdapter } from "./cli/codex/codexAdapter.ts";
import { commandAdapter } from "./cli/command.ts";
import { httpAdapter } from "./http/httpAgent.ts";
import { ollamaAdapter } from "./models/ollamaAdapter.ts";
import { openaiAdapter } from "./models/openaiAdapter.ts";
import { vscodeLmAdapter } from "./models/vscodeLm.ts";
import { offlineAdapter } from "./offline/offlineAgent.ts";
import { scriptedAdapter } from "./scripted/scriptedAgent.ts";
import { sshAdapter } from "./ssh/sshAdapter.ts";

export const ADAPTERS: readonly Adapter[] = [
  vscodeLmAdapter,
  acpAdapter,
  claudeAdapter,
  codexAdapter,
  ollamaAdapter,
  openaiAdapter,
  commandAdapter,
  httpAdapter,
  sshAdapter,
  offlineAdapter,
  scriptedAdapter,
];

/** What `adapter` may say, in alphabetical order. */
export const ADAPTER_KINDS: readonly string[] = ADAPTERS.map(({ kind }) => kind).sort();

/** The row of a kind; undefined for one of another build. */
export function adapterOf(kind: string): Adapter | undefined {
  return ADAPTERS.find((adapter) => adapter.kind === kind);
}

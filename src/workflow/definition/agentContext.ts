/** What an agent is given beside its instructions. Owns the shape only. */
import type { Json } from "../../util/json.ts";

export interface AgentContext {
  /** Globs and paths of the workspace; one with `!` before it leaves files out. */
  readonly files?: readonly string[];
  /** What came of the attempts at this step before. */
  readonly history?: boolean;
  /** Values by the names under which they are told. */
  readonly results?: Readonly<Record<string, Json>>;
  /** The room for all of it; none: as the agent's settings say. */
  readonly tokens?: number;
  /** False: what does not fit is a failure. */
  readonly compress?: boolean;
}

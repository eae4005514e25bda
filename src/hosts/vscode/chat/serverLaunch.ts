/** How this engine is started as a server for other agents of the editor. Pure. */
import type { JsonObject } from "../../../util/json.ts";

export interface ServerLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * `program` is the engine's file, `node` what runs it. The editor's settings go along; trust does because it is offered
 * in a trusted folder only.
 */
export function serverLaunch(place: {
  readonly node: string;
  readonly program: string;
  readonly workspace: string;
  readonly settings: JsonObject;
}): ServerLaunch {
  const { node, program, workspace, settings } = place;
  return {
    command: node,
    args: [program, "mcp", "--workspace", workspace, "--trust"],
    // The editor's own program is Node when it is told so.
    env: { ELECTRON_RUN_AS_NODE: "1", FERMATA_SETTINGS: JSON.stringify(settings) },
  };
}

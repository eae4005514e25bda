/** Where everything lies on this machine: runs, settings, templates. Owns those paths; reads nothing in them. */
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { homeOr, stateFolder, stateRoot } from "../../journal/stateFolder.ts";

export interface PlacesAsked {
  /** The folder whose runs these are; it exists. */
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where everything of this workspace and of this person is kept. */
export function placesOf({ workspace: given, env }: PlacesAsked) {
  const workspace = realpathSync.native(given);
  const where = { env, platform: process.platform, home: homedir() };
  return {
    workspace,
    state: stateFolder({ ...where, workspace }),
    root: path.join(stateRoot(where), "fermata"),
    config: path.join(configRoot(env.XDG_CONFIG_HOME), "fermata"),
  };
}

function configRoot(given: string | undefined): string {
  if (given !== undefined && path.isAbsolute(given)) return given;
  return path.join(homeOr(homedir(), path.isAbsolute), ".config");
}

/** Where templates are looked for. `shipped`: those that come with the product; absent: beside the program or above it. */
export function templatePlaces(
  workspace: string,
  config: string,
  shipped: string | undefined = shippedFolder(),
) {
  return { workspace, user: path.join(config, "workflows"), shipped };
}

/** The nearest `workflows` folder above this program's own file: the checkout's, or the package's. */
function shippedFolder(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "workflows");
    if (existsSync(path.join(candidate, "interactive-planning.workflow.yaml"))) return candidate;
    if (folder === path.dirname(folder)) return candidate;
  }
}

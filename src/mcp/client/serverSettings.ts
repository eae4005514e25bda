/**
 * A server's settings made ready for use: variables put in, and what its process may see of our environment.
 * Pure; owns both rules. Asked only in a trusted workspace, just before connecting, because it handles secrets.
 */
import type { Vault } from "../../engine/secrets.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { HttpConfig, StdioConfig } from "../config.ts";
import { placeOf } from "./connectionFailure.ts";
import { expandVariables, type VariableScope } from "./variables.ts";

/** The settings with their variables' values, or a failure that names the first variable without one. */
export async function fillVariables(
  config: StdioConfig | HttpConfig,
  scope: Omit<VariableScope, "secrets"> & { readonly secrets?: Pick<Vault, "resolve"> | undefined },
): Promise<StdioConfig | HttpConfig | Failure> {
  const secrets = await secretsOf(config, scope.secrets);
  let missing: string | undefined;
  const fill = (text: string): string => {
    const expanded = expandVariables(text, { ...scope, secrets });
    if (expanded.type === "text") return expanded.text;
    missing ??= expanded.variable;
    return "";
  };
  const fillAll = (table: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(table).map(([name, text]) => [name, fill(text)]));
  const filled: StdioConfig | HttpConfig =
    config.kind === "http"
      ? { ...config, url: fill(config.url), headers: fillAll(config.headers) }
      : {
          ...config,
          command: config.command.map(fill),
          env: fillAll(config.env),
          ...(config.cwd !== undefined && { cwd: fill(config.cwd) }),
        };
  if (missing === undefined) return filled;
  const message = `The tool server \`${config.name}\` needs \`${missing}\`, which has no value here. Set it, or correct ${placeOf(config)}.`;
  return failure("tool_unavailable", message);
}

/** The values of the secrets that the settings name. */
async function secretsOf(
  config: StdioConfig | HttpConfig,
  vault: Pick<Vault, "resolve"> | undefined,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of secretNames(config)) {
    const value = await vault?.resolve(name);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** The names of the secrets that a server's settings name as `${secret:NAME}`. */
export function secretNames(config: StdioConfig | HttpConfig): readonly string[] {
  const text = JSON.stringify(config);
  return [...text.matchAll(/\$\{secret:([A-Za-z_]\w*)\}/g)].map((match) => match[1] ?? "");
}

/**
 * What programs need to run, to find their network and to speak the person's language. Secrets are not among it; a
 * server that needs one names it in its `env`.
 */
const INHERITED =
  /^(?:PATH|PATHEXT|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|npm_config_(?:registry|cache|prefix|userconfig)|SSL_CERT_(?:FILE|DIR)|APPDATA|LOCALAPPDATA|COMSPEC|SYSTEMROOT|SYSTEMDRIVE|WINDIR|HOMEDRIVE|HOMEPATH|USERNAME|USERPROFILE|PROGRAM(?:DATA|FILES(?:\(X86\))?)|PROCESSOR_ARCHITECTURE)$/i;

/** The part of our environment that every server's process gets. */
export function inheritedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && INHERITED.test(name)) kept[name] = value;
  }
  return kept;
}

/**
 * Puts variables into a server's settings: `${workspaceFolder}`, `${userHome}`, `${secret:NAME}`, `${env:NAME}` and, as other tools
 * write it, `${NAME}` or `${NAME:-default}`. Pure; the environment is what it is given.
 */

export interface VariableScope {
  /** Absolute path. */
  readonly workspace: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of the secrets that the settings name. */
  readonly secrets?: ReadonlyMap<string, string>;
}

export type Expanded =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "missing"; readonly variable: string };

/** The text with its variables put in, or the first one that has no value. */
export function expandVariables(text: string, scope: VariableScope): Expanded {
  let missing: string | undefined;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (whole, inside: string) => {
    const value = variableValue(inside, scope);
    if (value === undefined) missing ??= whole;
    return value ?? "";
  });
  return missing === undefined
    ? { type: "text", text: expanded }
    : { type: "missing", variable: missing };
}

function variableValue(
  inside: string,
  { workspace, environment, secrets }: VariableScope,
): string | undefined {
  if (inside === "workspaceFolder" || inside === "workspaceRoot") return workspace;
  if (inside === "workspaceFolderBasename") return workspace.split(/[\\/]/).at(-1);
  if (inside === "userHome") return environment.HOME ?? environment.USERPROFILE;
  if (inside === "pathSeparator" || inside === "/") return workspace.includes("\\") ? "\\" : "/";
  if (inside.startsWith("secret:")) return secrets?.get(inside.slice("secret:".length));
  const named = /^(?:env:)?([A-Za-z_]\w*)(?::-([\s\S]*))?$/.exec(inside);
  const name = named?.[1];
  // A secret has its own notation, under which it is known and redacted.
  if (name === undefined || name.startsWith("FERMATA_SECRET_")) return undefined;
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return value === undefined || value === "" ? (named?.[2] ?? value) : value;
}

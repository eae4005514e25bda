/**
 * The keys by which a run knows its agents: a name alone (`@coder`), or with the workflow whose settings make it another
 * agent (`@coder@review`). Owns that form; no name holds a second `@`.
 */

/** The name of an agent with its `@`, which may be left out where only agents are named. */
export function agentName(written: string): string {
  return written.startsWith("@") ? written : `@${written}`;
}

/** The key of an agent that `name` means in this workflow only. */
export function agentKey(name: string, workflow: string): string {
  return `${name}@${workflow}`;
}

/** The name in a key, as workflows write it. */
export function agentIn(key: string): string {
  const end = key.indexOf("@", 1);
  return end < 0 ? key : key.slice(0, end);
}

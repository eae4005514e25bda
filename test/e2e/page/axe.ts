/** axe over a page, wherever it is shown. Knows neither the page nor who shows it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A page, or an element of a frame: a script given as text runs in its document. */
export interface Place {
  evaluate<T>(script: string): Promise<T>;
}

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: unknown }[];
}

/** Brings axe into a document. It writes styles of its own there, which a page's policy stops. */
export async function loadAxe(place: Place): Promise<void> {
  await place.evaluate(`${AXE}; undefined`);
}

/** What axe finds in a document that it was brought into, a line each; only of some impacts where they are given. */
export async function axeFindings(
  place: Place,
  impacts?: readonly string[],
): Promise<readonly string[]> {
  const script = "window.axe.run(document)";
  const { violations } = await place.evaluate<{ readonly violations: readonly Finding[] }>(script);
  return violations
    .filter(({ impact }) => impacts === undefined || impacts.includes(impact ?? ""))
    .map(({ id, nodes }) => {
      const targets = nodes.map(({ target }) => target).slice(0, 3);
      return `${id}: ${JSON.stringify(targets)}`;
    });
}

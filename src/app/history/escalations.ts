/** The escalations of every run of a workspace, for any host. Owns the looking; answers go through `App.signal`. */
import { type Escalation, escalationsOf, inQueue } from "../../views/ask/escalations.ts";
import type { App } from "../app.ts";

/** All that wait, the most urgent first. Runs that ask nothing are not opened. */
export async function listEscalations(
  app: Pick<App, "listRuns" | "watchRun">,
  now: number,
): Promise<readonly Escalation[]> {
  const found: Escalation[] = [];
  for (const summary of await app.listRuns()) {
    if (summary.waiting === 0 || summary.damage !== undefined) continue;
    const watch = await app.watchRun(summary.run);
    if (!watch) continue;
    found.push(...escalationsOf(summary, watch.state.breakpoints.values(), now));
    watch.dispose();
  }
  return inQueue(found);
}

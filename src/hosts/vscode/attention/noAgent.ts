/** Tells the views' welcome whether an agent was found here. Owns when that is looked into: while nothing has run yet. */
import * as vscode from "vscode";
import type { AgentInfo } from "../../../app/app.ts";
import type { Session } from "../session.ts";

/** What knows no language model: there on every machine, and no agent that a person set up. */
const BUILT_IN = new Set(["offline", "scripted"]);

/** Looks now, and when the settings or the trust of the folder change. */
export function watchForAgents(session: Session): vscode.Disposable {
  const look = async (): Promise<void> => {
    const relevant = vscode.workspace.isTrusted && session.model.list().length === 0;
    const none = relevant && hasNoAgent(await session.app.listAgents({ chosen: true }));
    await vscode.commands.executeCommand("setContext", "fermata.noAgent", none);
  };
  const lookSoon = (): void => void look().catch(session.fault);
  lookSoon();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(lookSoon),
    vscode.workspace.onDidChangeConfiguration(
      (change) => change.affectsConfiguration("fermata") && lookSoon(),
    ),
  );
}

/** True when nothing but what is built in stands behind any name. */
export function hasNoAgent(agents: readonly Pick<AgentInfo, "adapter">[]): boolean {
  return agents.every(({ adapter }) => adapter === undefined || BUILT_IN.has(adapter));
}

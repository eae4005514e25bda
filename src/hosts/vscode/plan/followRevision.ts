/**
 * After changes were asked for, the next version opens as a difference to the one that was commented on, while that one
 * is still open. Owns who asked for what, across reloads; a closed tab is not opened again.
 */
import * as vscode from "vscode";
import { isFinished } from "../../../run/state.ts";
import { isObject } from "../../../util/json.ts";
import type { Session } from "../session.ts";
import { comparePlan } from "./comparePlan.ts";
import type { Plans, ShownPlan } from "./plans.ts";

interface Asked {
  readonly run: string;
  readonly path: string;
  readonly version: number;
  /** The tab that was commented on. */
  readonly uri: string;
}

export interface Revisions extends vscode.Disposable {
  /** Changes were asked for in this version. */
  expect(plan: ShownPlan): void;
}

const KEY = "fermata.revisions";

/** Watches for the versions that were asked for. */
export function followRevisions(session: Session, plans: Plans): Revisions {
  const store = session.context.workspaceState;
  let asked = readAsked(store.get(KEY));
  const keep = (next: readonly Asked[]): void => {
    if (next.length === asked.length && next.every((each) => asked.includes(each))) return;
    asked = next;
    store.update(KEY, next).then(undefined, session.fault);
  };
  const look = (): void => {
    const came = asked.filter((each) => nextVersion(session, each) !== undefined);
    for (const each of came) show(session, plans, each).catch(session.fault);
    keep(asked.filter((each) => !came.includes(each) && mayCome(session, each)));
  };
  look();
  return {
    expect: ({ run, path, version, uri }) => {
      keep([
        ...asked.filter((each) => each.path !== path || each.run !== run),
        { run, path, version, uri: uri.toString() },
      ]);
      look();
    },
    dispose: session.model.onChange(look),
  };
}

function nextVersion({ model }: Session, { run, path, version }: Asked) {
  return model
    .waiting()
    .find(
      ({ run: of, open }) =>
        of === run &&
        open.path === path &&
        open.form.kind === "approval" &&
        open.form.version > version,
    );
}

/** False once the run is over; one that is not known yet may still come. */
function mayCome({ model }: Session, { run }: Asked): boolean {
  const state = model.find(run)?.state;
  return state === undefined || !isFinished(state);
}

async function show(session: Session, plans: Plans, asked: Asked): Promise<void> {
  const next = nextVersion(session, asked);
  const tab = tabOf(asked.uri);
  if (!next || !tab) return;
  const plan = plans.hold(next.run, next.open);
  if (!plan) return;
  await comparePlan(plans, plan, {
    viewColumn: tab.group.viewColumn,
    preserveFocus: !tab.isActive,
  });
}

function tabOf(address: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => addressOf(input) === address);
}

function addressOf(input: unknown): string | undefined {
  if (input instanceof vscode.TabInputText) return input.uri.toString();
  return input instanceof vscode.TabInputTextDiff ? input.modified.toString() : undefined;
}

function readAsked(stored: unknown): readonly Asked[] {
  return Array.isArray(stored) ? stored.flatMap(readOne) : [];
}

function readOne(stored: unknown): readonly Asked[] {
  if (!isObject(stored)) return [];
  const { run, path, version, uri } = stored;
  return typeof run === "string" &&
    typeof path === "string" &&
    typeof version === "number" &&
    typeof uri === "string"
    ? [{ run, path, version, uri }]
    : [];
}

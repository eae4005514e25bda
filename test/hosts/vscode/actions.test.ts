/**
 * Whatever a row, a title bar or the page of a run offers can also be called from the palette, and by keyboard from there:
 * a table of actions and commands, held complete.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../../scripts/bootstrap.mjs";
import type { FromView, Steering, TaskMove } from "../../../src/protocol/runView.ts";

interface Entry {
  readonly command: string;
  readonly when?: string;
}

const { contributes } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const declared: readonly string[] = contributes.commands.map(({ command }: Entry) => command);
const palette: readonly Entry[] = contributes.menus.commandPalette;

/** Not in the palette on purpose: each needs the box or the row that it stands on. */
const ON_THE_SPOT: Readonly<Record<string, string>> = {
  "fermata.plan.comment": "it takes the text of the comment box; fermata.plan.addComment opens one",
  "fermata.plan.editComment": "it stands on a comment",
  "fermata.plan.saveComment": "it stands in a comment that is edited",
  "fermata.plan.cancelComment": "it stands in a comment that is edited",
  "fermata.plan.deleteComment": "it stands on a comment",
  "fermata.plan.deleteComments": "it stands on comments",
};

/** What the page of a run asks for, and the command that does the same; a text in brackets says why there is none. */
const PAGE: Readonly<Record<Exclude<FromView["type"], "steer" | "move">, string>> = {
  ready: "(the page was loaded)",
  answer: "fermata.answer",
  openQuestion: "fermata.answer",
  transcript: "fermata.openTranscript",
  openText: "fermata.openRunAsText",
  openFile: "(a link to a file of the folder: the editor opens those by name)",
  fault: "(nothing that a person does)",
};

const STEERING: Readonly<Record<Steering, string>> = {
  pause: "fermata.pauseRun",
  resume: "fermata.resumeRun",
  cancel: "fermata.cancelRun",
  retry: "fermata.retryRun",
};

const MOVES: Readonly<Record<TaskMove, string>> = {
  guide: "fermata.guideTask",
  stop: "fermata.stopTask",
  retry: "fermata.retryRun",
  editAndRetry: "fermata.setStateAndRetry",
  fork: "fermata.retryFromHere",
  transcript: "fermata.openTranscript",
};

test("every action of a tree, a title bar or a context menu is a command of the palette", () => {
  const menus = Object.entries<readonly Entry[]>(contributes.menus).filter(
    ([menu]) => menu !== "commandPalette",
  );
  const offered = new Set(menus.flatMap(([, items]) => items.map(({ command }) => command)));
  assert.deepEqual(
    [...offered].filter((command) => !isInPalette(command) && ON_THE_SPOT[command] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(ON_THE_SPOT).filter((command) => isInPalette(command)),
    [],
  );
});

test("every action of the page of a run is a command of the palette", () => {
  const commands = [PAGE, STEERING, MOVES].flatMap((table) => Object.values<string>(table));
  assert.deepEqual(
    commands.filter((command) => !command.startsWith("(") && !isInPalette(command)),
    [],
  );
});

function isInPalette(command: string): boolean {
  const entry = palette.find((each) => each.command === command);
  return declared.includes(command) && entry?.when !== "false";
}

/** No host lacks a verb of the product without a stated reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/bootstrap.mjs";
import { readSourceFiles } from "../../scripts/sourceFiles.ts";

/** Where each host's calls of the app are written. */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  cli: ["src/hosts/cli"],
  vscode: ["src/hosts/vscode", "src/app/agentTools"],
  mcp: ["src/hosts/mcp", "src/app/agentTools"],
};

const LISTED =
  "validate and doctor list what is wrong with them; writers of workflows sit in an editor";
const FOLLOWS = "a watch tells what comes; the command line reads whole runs with export";
const PERSON = "an agent runs and watches; what is kept, trusted and set up is a person's matter";
const WRITER = "agents write files with their own tools, and start says what is wrong with one";

const DEBUGS = "stops are set on the lines of a file, by an editor's session of debugging";

/** By host and verb, why it is not there. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cli: {
    findSteps: DEBUGS,
    setStops: DEBUGS,
    listAgents: LISTED,
    listTools: LISTED,
    listWorkers: LISTED,
    agentAnswers: "the server that it starts for agents asks; it is a setting",
    readEvents: FOLLOWS,
    resumeInterrupted: "a command ends; a person names the run that goes on",
  },
  vscode: {
    findSteps: "the debug adapter takes it up; until then stops are set in the workflow itself",
    setStops: "the debug adapter takes it up; until then stops are set in the workflow itself",
    isTrusted: "the editor's own workspace trust counts",
    logFile: "the editor's own log channel shows the same lines as they come",
    trust: "the editor's own workspace trust counts",
    settled: "a window never ends: it watches",
    evaluate: "expressions are evaluated where a run stands, in the debug console",
    fix: "each fix is a quick fix on its line, and all of them one action of the file",
  },
  mcp: {
    findSteps: DEBUGS,
    setStops: DEBUGS,
    ...Object.fromEntries(
      ["trust", "stats", "exportRun", "archiveRun", "restoreRun", "retention", "prune"].map(
        (verb) => [verb, PERSON],
      ),
    ),
    ...Object.fromEntries(
      ["doctor", "health", "stateFolder", "logFile"].map((verb) => [verb, PERSON]),
    ),
    ...Object.fromEntries(
      ["validate", "fix", "migrate", "listAgents", "listTools", "listWorkers", "evaluate"].map(
        (verb) => [verb, WRITER],
      ),
    ),
    dispose: "the program that starts the server opened the app, and closes it",
    isTrusted: "every verb refuses by itself where the folder is not trusted",
    readEvents: FOLLOWS,
    resumeInterrupted: "an agent names the run that goes on",
    settled: "wait_for_run watches, so that it can end early",
  },
};

test("every host offers every verb, or says why not", () => {
  const verbs = verbsOfApp();
  assert.ok(verbs.length > 25, "the verbs are found");
  for (const [host, folders] of Object.entries(HOSTS)) {
    const code = folders
      .flatMap((folder) => readSourceFiles(join(ROOT, folder)))
      .map(({ text }) => text)
      .join("\n");
    const reasons = REASONS[host] ?? {};
    const lacking = verbs.filter((verb) => !calls(code, verb));
    assert.deepEqual(lacking.filter((verb) => reasons[verb] === undefined).sort(), [], host);
  }
});

function verbsOfApp(): readonly string[] {
  const text = readFileSync(join(ROOT, "src", "app", "app.ts"), "utf8");
  const body = text.slice(text.indexOf("export interface App {"));
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[:(]/gm)].map(([, name]) => name ?? "");
}

/** True where the app's verb is called, or taken out of the app. */
function calls(code: string, verb: string): boolean {
  const called = new RegExp(`\\bapp\\b(?:\\(\\))?\\s*\\.${verb}\\b`);
  const taken = new RegExp(`\\{[^{}]*\\b${verb}\\b[^{}]*\\} = (?:await )?[\\w.]*\\bapp\\b`);
  const passed = new RegExp(`\\bfunction \\w+\\([^)]*\\{[^{}]*\\b${verb}\\b[^{}]*\\}: App\\b`);
  return called.test(code) || taken.test(code) || passed.test(code);
}

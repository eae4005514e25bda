/**
 * What the browser tests plant in the sample workspace: a fact to be found, small workflows, and a slow agent.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const FACT =
  "Partners asked that rate limiting of the public API counts per token, not per address.";

const PARTNERS = `# Partners\n\nNotes of the meeting in May.\n\n${FACT}\n`;

/** Where the fact stands in docs/partners.md. */
export const FACT_LINE = PARTNERS.split("\n").indexOf(FACT) + 1;

export interface SlowAgent {
  /** From now on it answers everything at once. */
  readonly answerAll: () => void;
  /** Paths of the tasks that it was asked for, in order. */
  readonly calls: () => readonly string[];
}

const REVIEW = `name: review
version: 1.0.0
description: One command less
steps:
  - id: decide
    type: approve
    title: Two things
    plan: "# Build\\n\\n1. Build a house\\n2. Paint the house\\n"
    allow: [edit, comment]
    revise: "@task"
`;

const TALK = `name: talk
version: 1.0.0
description: Two questions
steps:
  - id: go
    type: prompt
    input: confirm
    message: Go on?
  - id: way
    type: prompt
    input: choice
    message: Which way?
    options: [left, right]
  - id: word
    name: Wait for a word
    type: shell
    command: until test -f word.txt; do sleep 0.1; done
    timeout: 5m
  - id: last
    type: shell
    command: echo done
`;

const BROKEN = `name: broken
version: 1.0.0
description: No step of this name
steps:
  - id: only
    type: mcp_call
    tool: nowhere.search
    parameters: {}
`;

/** Puts the fact and the workflows into a workspace. */
export function plant(workspace: string): void {
  writeFileSync(join(workspace, "docs", "partners.md"), PARTNERS);
  writeFileSync(
    join(workspace, "flaky.workflow.yaml"),
    workflow("flaky", "Look for the marker", "echo looking for the marker; test -f marker.txt"),
  );
  writeFileSync(join(workspace, "review.workflow.yaml"), REVIEW);
  writeFileSync(join(workspace, "talk.workflow.yaml"), TALK);
  writeFileSync(join(workspace, "broken.workflow.yaml"), BROKEN);
  const long =
    "echo $$ > pid.txt; echo first words; until test -f go.txt; do sleep 0.1; done; echo last words; sleep 600";
  writeFileSync(
    join(workspace, "long.workflow.yaml"),
    workflow("long", "Wait for a long time", long, "timeout: 20m"),
  );
}

function workflow(name: string, title: string, command: string, more = ""): string {
  const step = [
    "id: only",
    `name: ${title}`,
    "type: shell",
    `command: ${JSON.stringify(command)}`,
    more,
  ];
  const lines = step
    .filter((line) => line !== "")
    .map((line, index) => `${index === 0 ? "  - " : "    "}${line}`);
  return `name: ${name}\nversion: 1.0.0\ndescription: One command\nsteps:\n${lines.join("\n")}\n`;
}

/** Puts a scripted agent behind @task, whose third question hangs until it is told to answer. */
export function slowAgent(workspace: string): SlowAgent {
  const folder = join(workspace, ".vscode");
  const file = join(folder, "agent.json");
  const log = join(folder, "calls.jsonl");
  const finding = { summary: "Nothing yet.", findings: [] };
  const write = (hangs: boolean): void => {
    const rules = [
      {
        path: "generate-research-tasks/*",
        data: { questions: ["What is there?", "What is not?", "What is slow?"] },
      },
      ...(hangs ? [{ path: "research-phase[2]/*", lines: ["thinking slowly"], hang: true }] : []),
      { path: "research-phase[*", data: finding },
      { response: "# The plan\n\n1. Do it slowly\n" },
    ];
    writeFileSync(file, JSON.stringify({ log, rules }));
  };
  mkdirSync(folder, { recursive: true });
  write(true);
  const agents = { "@task": { adapter: "scripted", script: file, effects: "repeatable" } };
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ "fermata.agents": agents }));
  return {
    answerAll: () => write(false),
    calls: () =>
      existsSync(log)
        ? readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line): string => JSON.parse(line).path)
        : [],
  };
}

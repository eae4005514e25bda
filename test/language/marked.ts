/** Texts of tests with `‸` where the cursor stands. */

import { readWorkflow, type WorkflowReading } from "../../src/language/reading.ts";
import type { World } from "../../src/language/world.ts";

export function cursorOf(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf("‸");
  if (offset < 0) throw new Error("no ‸ in the text");
  return { text: marked.replace("‸", ""), offset };
}

/** The file as an editor has it in hand. */
export function opened(text: string): WorkflowReading {
  const read = readWorkflow("a.workflow.yaml", text);
  if (!read) throw new Error("not a workflow");
  return read;
}

export const WORLD: World = {
  agents: [{ name: "@writer", description: "Writes well" }],
  tools: [
    {
      name: "memory.save",
      description: "Keeps a value",
      inputSchema: {
        type: "object",
        required: ["key"],
        properties: { key: { type: "string", description: "Its name" }, value: {} },
      },
    },
  ],
  workers: [{ name: "quality", url: "http://127.0.0.1:8002" }],
  workflows: [
    {
      name: "deploy",
      description: "Deploys",
      file: "/w/deploy.workflow.yaml",
      inputs: { target: { type: "string", required: true, description: "Where to" } },
    },
  ],
};

export const PLAN = `name: plan
version: 1.0.0
inputs:
  topic: { type: string, required: true, description: What it is about }
initial_state:
  draft: "first"
phases:
  think: { title: Thinking }
tasks:
  look-up:
    inputs:
      question: { type: string }
    initial_state:
      draft: null
    steps:
      - id: ask-web
        type: shell
        command: ["echo", "{{ inputs.question }} {{ state.draft }}"]
        output_to: draft
steps:
  - id: ask-you
    type: prompt
    phase: think
    input: text
    message: "About {{ inputs.topic }}: {{ state.draft | upper }}"
    output_to: answer
  - id: research
    type: foreach
    items: "{{ state.answer.input.split() }}"
    task: look-up
    inputs:
      question: "{{ item }} {{ steps.ask_you.input }}"
    output_to: found
  - id: keep
    type: set_state
    needs_state: [found, draft]
    updates:
      draft: "{{ state.found[0] }} {{ state['draft'] }} {{ steps['ask-you'].input }}"
  - id: write
    type: delegate
    agent: "@writer"
    instructions: "{{ state.draft }}"
`;

/**
 * One job in two ways: planned once, and asked for anew after each piece of evidence. Owns its documents, what the scripted
 * agent says to it, and the two workflows; runs nothing.
 */
import { readFileSync } from "node:fs";
import type { JsonObject } from "../../src/util/json.ts";

export interface EvidenceStep {
  readonly worker: "workspace.read" | "workspace.search" | "@worker";
  /** As a plan says it; may refer to evidence. */
  readonly input: JsonObject | string;
  /** As an agent says it that has read the evidence; the plan's when left out. */
  readonly known?: JsonObject | string;
  /** Something that this evidence says, without which nobody could answer. */
  readonly fact: string;
}

export const GOAL =
  "Say what an approval step of a durable workflow engine must hold to and what it costs.";
export const ANSWER =
  "It binds the approval to a hash, never lets a time-out approve, and costs 9,500 tokens.";

const RISK =
  "Timeouts must never approve by themselves: 31 % of the teams had an incident (report CVE-2025-31337)";
const read = (path: string, start_line: number, end_line: number, fact: string): EvidenceStep => ({
  worker: "workspace.read",
  input: { path, start_line, end_line },
  fact,
});

/** What the job looks up, in this order; the first ones alone are a job too. */
export const EVIDENCE: readonly EvidenceStep[] = [
  read("research.md", 11, 16, "51,200 events"),
  read("research.md", 28, 33, "CVE-2025-31337"),
  {
    worker: "@worker",
    input: "Name the report about time-outs that approve, and nothing else: #E2",
    known: `Name the report about time-outs that approve, and nothing else: ${RISK}`,
    fact: "CVE-2025-31337",
  },
  {
    worker: "workspace.search",
    input: { query: "#E3" },
    known: { query: "CVE-2025-31337" },
    fact: "412 teams",
  },
  read("research.md", 37, 44, "9,500 tokens"),
  read("history.md", 18, 23, "Cannot divide by zero"),
  read("history.md", 24, 30, "Quality 58"),
  read("history.md", 38, 42, "test_divide_by_zero"),
  read("pipeline.log", 1, 8, "op-20260304-080001-7f3a9c1e"),
  read("tests.txt", 1, 8, "test"),
];

/** The documents of the job, by name. */
export function documents(): Readonly<Record<string, string>> {
  const corpus = new URL("../../test/util/compress/corpus/", import.meta.url);
  const names = ["research.md", "history.md", "pipeline.log", "tests.txt"];
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(new URL(name, corpus), "utf8")]),
  );
}

/** What the scripted agents say: the planner its whole plan, the one who is asked what follows the evidence that it sees. */
export function rules(steps: readonly EvidenceStep[]): JsonObject[] {
  const planned = steps.map(({ worker, input }, at) => ({
    evidence: `#E${at + 1}`,
    worker,
    input,
  }));
  const next = steps.map(({ worker, input, known = input }) => ({ worker, input: known }));
  const asked = [...next, { answer: ANSWER }].map((data, at) => ({
    agent: "@asked",
    ...(at === 0 ? {} : { instructions: `#E${at} = ` }),
    data,
  }));
  return [
    { agent: "@planner", data: { steps: planned } },
    { agent: "@worker", response: "CVE-2025-31337" },
    { agent: "@solver", response: ANSWER },
    ...asked.reverse(),
  ];
}

const LISTED = [
  ["workspace.read", "lines of a file; takes path, start_line, end_line"],
  ["workspace.search", "lines that answer a query; takes query"],
  ["@worker", "does what it is told with what it is given"],
] as const;

/** Planned once: one question for the plan, one for the answer. */
export const PLANNED = {
  name: "planned",
  version: "1.0.0",
  steps: [
    {
      id: "look",
      type: "plan",
      agent: "@planner",
      solver: "@solver",
      goal: GOAL,
      workers: LISTED.map(([name, description]) => ({
        [name.startsWith("@") ? "agent" : "tool"]: name,
        description,
      })),
    },
    {
      id: "end",
      type: "return",
      value: { evidence: "{{ steps.look.evidence }}", answer: "{{ steps.look.answer }}" },
    },
  ],
};

/** No word more than it takes: a longer one would only make planning look better. */
const ASKED = [
  "Reach the goal below. Say which worker is asked next and with what, until the evidence is enough; then give the answer.",
  "",
  `Goal: ${GOAL}`,
  "",
  "Workers:",
  ...LISTED.map(([name, description]) => `- ${name}: ${description}`),
  "",
  'Answer as JSON: {"worker": "...", "input": ...} or {"answer": "..."}.',
  "Evidence so far:{{ state.said }}",
].join("\n");

const INPUT = "state.next.input";
const FOUND = "(state.found.response if state.next.worker == '@worker' else state.found)";
const turn = [
  {
    id: "ask",
    type: "delegate",
    agent: "@asked",
    instructions: ASKED,
    output_to: "reply",
  },
  { id: "read", type: "set_state", updates: { next: "{{ state.reply.response | parse_json }}" } },
  {
    id: "act",
    type: "condition",
    if: "{{ state.next.answer is defined }}",
    then: [{ id: "finish", type: "set_state", updates: { answer: "{{ state.next.answer }}" } }],
    else: [
      use("workspace.read", "lines", {
        path: `{{ ${INPUT}.path }}`,
        start_line: `{{ ${INPUT}.start_line }}`,
        end_line: `{{ ${INPUT}.end_line }}`,
      }),
      use("workspace.search", "search", { query: `{{ ${INPUT}.query }}` }),
      {
        id: "delegated",
        type: "delegate",
        when: "{{ state.next.worker == '@worker' }}",
        agent: "@worker",
        instructions: `{{ ${INPUT} }}`,
        output_to: "found",
      },
      {
        id: "keep",
        type: "set_state",
        updates: {
          evidence: `{{ state.evidence + [${FOUND}] }}`,
          said: `{{ state.said }}\n#E{{ state.evidence | length + 1 }} = {{ state.next.worker }}({{ ${INPUT} }}): {{ ${FOUND} }}`,
        },
      },
    ],
  },
];

/** Asked at every step, with all that was found so far. */
export const ASKING = {
  name: "asking",
  version: "1.0.0",
  initial_state: { said: "", reply: null, next: null, found: null, evidence: [], answer: null },
  steps: [
    { id: "turns", type: "while", condition: "{{ state.answer is none }}", steps: turn },
    {
      id: "end",
      type: "return",
      value: { evidence: "{{ state.evidence }}", answer: "{{ state.answer }}" },
    },
  ],
};

function use(tool: string, id: string, parameters: JsonObject) {
  const when = `{{ state.next.worker == '${tool}' }}`;
  return { id, type: "mcp_call", when, tool, parameters, output_to: "found" };
}

/**
 * The seed's success criteria by their own words, each with the tests that show it. Those tests are run by themselves; here
 * it is only checked that each criterion still has one.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../../scripts/bootstrap.mjs";

const COMPONENTS = "test/seeds/004/componentVerification.test.ts";
const MODEL = "test/seeds/004/llmIntegration.test.ts";
const REAL = "test/integration/seeds004/realOrchestration.test.ts";
const CLAUDE = "test/agents/cli/claude.test.ts";
const REPORT = "test/scripts/testReport.test.ts";
const QUICK_START = "test/integration/seeds004/quickStart.test.ts";
const CALCULATOR = "the calculator task completes in one iteration, in the pipeline's order";
const POINTS = "13 points: what the seed's checklist asks for holds of one run";

type Shown = readonly [file: string, title: string];

const CRITERIA: Readonly<Record<string, Readonly<Record<string, readonly Shown[]>>>> = {
  "Phase 1: Component Verification": {
    "All components can be instantiated": [
      [COMPONENTS, "test_prompt_generator: not empty, and it names the task"],
      [COMPONENTS, "test_decision_engine: proceed, retry, clarify or escalate"],
    ],
    "LLM interface connects to Ollama": [[MODEL, "test_ollama_connection"]],
    "Agent subprocess starts": [[CLAUDE, "a whole turn with a tool call"]],
    "Validators work with sample inputs": [[COMPONENTS, "test_response_validator"]],
    "Scorers return valid scores": [
      [COMPONENTS, "test_quality_controller"],
      [COMPONENTS, "test_confidence_scorer"],
    ],
  },
  "Phase 2: Integration": {
    "Orchestrator.initialize() succeeds": [[REAL, CALCULATOR]],
    "execute_task() works with mock agent": [[REAL, CALCULATOR]],
    "Data flows through all components": [[REAL, CALCULATOR]],
    "State persists correctly": [[REAL, POINTS]],
  },
  "Phase 3: Real Agent": {
    "ClaudeCodeLocalAgent subprocess starts": [[CLAUDE, "a whole turn with a tool call"]],
    "Agent sends/receives from Claude": [[CLAUDE, "a whole turn with a tool call"]],
    "Simple task completes end-to-end": [[REAL, CALCULATOR]],
    "Files generated in workspace": [[CLAUDE, "files that it writes are named"]],
  },
  "Phase 4: Hands-On-Keyboard": {
    "Real calculator task completes": [[REAL, CALCULATOR]],
    "Breakpoint triggers correctly": [
      [REAL, "a vague task is escalated with a reason, below quality 50"],
    ],
    "Multi-iteration task works": [
      [REAL, "a task of several parts gets better over three iterations"],
    ],
    "All components validated manually": [[REAL, POINTS]],
  },
  "Phase 5: Documentation": {
    "Test report completed": [
      [REPORT, "a report has environment, tests, results, issues"],
      [REPORT, "a run without issues says so in every part"],
    ],
    "Documentation updated": [
      [QUICK_START, "the guide names every agent that is tried for real"],
      [QUICK_START, "the README leads to the guide"],
    ],
    "Quick start guide created": [
      [QUICK_START, "the guide's first task runs as it is written"],
      [QUICK_START, "what the guide says that Fermata says, it says"],
    ],
  },
};

for (const [phase, criteria] of Object.entries(CRITERIA)) {
  test(phase, () => {
    const bare = Object.entries(criteria).flatMap(([criterion, shown]) =>
      shown.filter(([file, title]) => !hasTest(file, title)).map(() => criterion),
    );
    assert.deepEqual(bare, [], "no test shows it any more");
  });
}

function hasTest(file: string, title: string): boolean {
  return readFileSync(join(ROOT, file), "utf8").includes(`test("${title}`);
}

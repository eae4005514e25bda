/** "Gates" of the language, sentence by sentence. */
import type { Sentence } from "./sentence.ts";

export const GATES: readonly Sentence[] = [
  [
    "severity fail or warn",
    "gates",
    "with enforce a failed gate fails the step, and a warning never does",
  ],
  ["check is an expression over output, state", "gate", "expressions over state and the output"],
  ["check is an expression over files", "gate", "the files that the step before says it changed"],
  ["command: exit code 0 by default", "gate", "commands are judged by exit code, metric"],
  ["command: pass", "gate", "commands are judged by exit code, metric and threshold"],
  ["command: metric, a regular expression", "gate", "commands are judged by exit code, metric"],
  [
    "command: expect >= 90, <= 5, == 0, 95%, >= 90/100, required",
    "gates",
    "every way of saying what is expected",
  ],
  ["schema", "gate", "a schema of the output, with each place that does not fit"],
  ["agent, criteria", "gates", "an agent judges by criteria, with evidence"],
  ["the categories", "gates", "every category that there is"],
  [
    "gates on a step only record",
    "gates",
    "gates on a step only record, and its result is its own",
  ],
  [
    "with enforce a failed one fails the task",
    "gates",
    "with enforce a failed gate fails the step",
  ],
  ["in a gate step always", "gate", "a failed gate fails the step and says which and why"],
  [
    "WARN never blocks",
    "gates",
    "with enforce a failed gate fails the step, and a warning never does",
  ],
  [
    "counters are in reach of success_criteria",
    "criteria",
    "success criteria are looked at once, at the end, and recorded with it",
  ],
  ["counters: pass_rate without gates", "run/gate/tally.test.ts", "a run without gates has passed"],
  [
    "counters add up",
    "run/gate/tally.test.ts",
    "verdicts add up over steps and items, whether the step goes on or fails",
  ],
  [
    "gates of an isolated step are asked in its worktree, before its review",
    "isolation",
    "changes are asked for, made with what was said",
  ],
  [
    "agent: who is not sure has judged nothing",
    "doubt",
    "a judge who is not sure has judged nothing, and what must pass does not",
  ],
  ["counters by their own name", "criteria", "the counters of gates are in reach by themselves"],
];

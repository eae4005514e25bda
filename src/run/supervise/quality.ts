/**
 * The quality of an answer in four stages: complete, requirements met, correctness, tests. Pure rules over the answer
 * and over what was seen of the work; no model.
 */
import { codeBlocks, openBrackets, placeholder } from "./codeBlocks.ts";
import { type CommandSeen, touched, type Work } from "./evidence.ts";
import type { Finding, Quality, Stage } from "./facts.ts";
import { metBy, type Requirement, requirementsOf } from "./requirements.ts";

export interface QualityAsked {
  /** Absent: nothing was asked for in words, and only what is required counts. */
  readonly instructions?: string;
  readonly requirements?: readonly string[] | undefined;
}

/** A task in which nothing can be checked is worth no more than this, whatever came of it. */
const VAGUE_MOST = 45;

/** Scores an answer that counts as one. A stage that says nothing about the task weighs nothing. */
export function checkQuality(asked: QualityAsked, work: Work): Quality {
  const { instructions = "" } = asked;
  const requirements = requirementsOf(instructions, asked.requirements);
  const wordless = asked.instructions === undefined && requirements.length === 0;
  const stages = [
    complete(requirements, work),
    wordless ? NOTHING_REQUIRED : met(requirements, work),
    correct(work),
    tested(instructions, work),
  ];
  let weight = 0;
  let sum = 0;
  for (const stage of stages) {
    if (stage.score === null) continue;
    weight += stage.weight;
    sum += stage.weight * stage.score;
  }
  const score = Math.round(weight === 0 ? 0 : sum / weight);
  return { score: wordless ? score : Math.min(score, mostFor(requirements, work)), stages };
}

const NOTHING_REQUIRED: Stage = { name: "requirements", score: null, weight: 0.3, findings: [] };

/** The most that an answer can be worth: a file that the task names and that is not there lets nothing pass. */
function mostFor(requirements: readonly Requirement[], work: Work): number {
  if (requirements.length === 0) return VAGUE_MOST;
  const { wanted, missing } = filesWanted(requirements, work);
  if (!work.watched || missing.length === 0) return 100;
  return 50 + Math.floor((19 * (wanted - missing.length)) / wanted);
}

function filesWanted(requirements: readonly Requirement[], work: Work) {
  const wanted = new Set(requirements.flatMap(({ files }) => files));
  const present = presentFiles(work);
  const missing = [...wanted].filter(
    (file) => !present.some((path) => path === file || path.endsWith(`/${file}`)),
  );
  return { wanted: wanted.size, missing };
}

/** What is wrong, the most telling stage first. */
export function findingsOf({ stages }: Quality): readonly Finding[] {
  const ordered = stages.toSorted((a, b) => (a.score ?? 100) - (b.score ?? 100));
  return ordered.flatMap(({ findings }) => findings);
}

function complete(requirements: readonly Requirement[], work: Work): Stage {
  const findings: Finding[] = [];
  let score = 100;
  const { wanted, missing } = filesWanted(requirements, work);
  if (work.watched && missing.length > 0) {
    score -= Math.round((60 * missing.length) / wanted);
    findings.push(say("incomplete", `Not there yet: ${missing.join(", ")}.`));
  }
  const codes = codeOf(work);
  const left = codes.map(placeholder).find((found) => found !== undefined);
  if (left !== undefined) {
    score -= 30;
    findings.push(say("incomplete", `Something was left to be filled in: ${left}.`));
  }
  const nothing = codes.length === 0 && touched(work).length === 0 && work.data === undefined;
  if (nothing && work.response.trim().length < 40) {
    score -= 30;
    findings.push(say("incomplete", "The answer is very short: say what was done, and show it."));
  }
  if (nothing && CLAIMS.test(work.response)) {
    score -= 40;
    findings.push(say("incomplete", "It says that something was done and shows nothing of it."));
  }
  return { name: "complete", score: Math.max(0, score), weight: 0.2, findings };
}

function met(requirements: readonly Requirement[], work: Work): Stage {
  const stage = { name: "requirements", weight: 0.3 } as const;
  if (requirements.length === 0) {
    const message =
      "The task names nothing that could be checked: no file, no function, no behaviour. Say what is to be done, and when it is good.";
    return { ...stage, score: 20, findings: [say("vague", message)] };
  }
  const text = everything(work);
  const present = [...presentFiles(work), ...filesNamed(work)];
  const shares = requirements.map((one) => ({ one, share: metBy(one, text, present) }));
  const score = (100 * shares.reduce((sum, { share }) => sum + share, 0)) / shares.length;
  const unmet = shares.filter(({ share }) => share < 0.5).map(({ one }) => one.text);
  const findings = unmet
    .slice(0, MOST_FINDINGS)
    .map((text) => say("requirement", `Not met yet: ${shortened(text)}`));
  return { ...stage, score: Math.round(score), findings };
}

function correct(work: Work): Stage {
  const findings: Finding[] = [];
  const codes = codeOf(work);
  let score = codes.length > 0 || work.data !== undefined ? 100 : 80;
  if (codes.some((code) => openBrackets(code) !== 0)) {
    score -= 40;
    findings.push(say("incorrect", "Brackets in the code do not match."));
  }
  const error = ERRORS.exec(work.response)?.[0];
  if (error !== undefined) {
    score -= 30;
    findings.push(say("incorrect", `The answer itself reports an error: ${error}.`));
  }
  const unmade = work.watched
    ? work.claimed.filter((file) => !presentFiles(work).includes(file))
    : [];
  if (unmade.length > 0) {
    score -= 30;
    findings.push(say("incorrect", `Said to be changed, and is not: ${unmade.join(", ")}.`));
  }
  if (work.tests && work.tests.exit_code !== 0) score -= 40;
  return { name: "correctness", score: Math.max(0, score), weight: 0.3, findings };
}

function tested(instructions: string, work: Work): Stage {
  const stage = { name: "tests", weight: 0.2 } as const;
  const asked = ASKS_TESTS.test(instructions);
  if (work.tests) {
    const scored = testsScore(work.tests);
    // A command that finds no tests to run passes, too.
    const none = asked && work.watched && !codeOf(work).some((code) => TEST_CODE.test(code));
    if (!none || work.tests.exit_code !== 0) return { ...stage, ...scored };
    return {
      ...stage,
      score: 40,
      findings: [say("untested", "The task asks for tests, and there are none.")],
    };
  }
  if (!asked) return { ...stage, score: null, findings: [] };
  const run = work.commands.findLast(({ command }) => TEST_RUN.test(command));
  if (run && run.exit_code !== null) return { ...stage, ...testsScore(run) };
  const written = codeOf(work).some((code) => TEST_CODE.test(code));
  const findings = written
    ? [say("untested", "Tests are there, but nobody saw them run.")]
    : [say("untested", "The task asks for tests, and there are none.")];
  return { ...stage, score: written ? 70 : 15, findings };
}

/** All of it for exit code 0; otherwise the share that passed, if the output says so, and never more than half. */
function testsScore({
  command,
  exit_code,
  output,
}: CommandSeen): Pick<Stage, "score" | "findings"> {
  if (exit_code === 0) return { score: 100, findings: [] };
  const passed = Number(/(\d+) pass/i.exec(output)?.[1] ?? 0);
  const failed = Number(/(\d+) fail/i.exec(output)?.[1] ?? 1);
  const score = Math.round((50 * passed) / Math.max(1, passed + failed));
  const last = output.trim().split("\n").slice(-12).join("\n").slice(-1200);
  const message = `The tests fail (${command}, exit code ${exit_code}).${last === "" ? "" : ` They say:\n${last}`}`;
  return { score, findings: [say("tests_failed", message)] };
}

const MOST_FINDINGS = 6;
const CLAIMS =
  /\b(?:I(?:'ve| have)?|we(?:'ve| have)?|has been|have been|was|were) (?:\w+ )?(?:improved|made|refactored|optimi[sz]ed|enhanced|cleaned|updated|fixed|implemented|created|added|changed)\b/i;
const ERRORS =
  /\bTraceback \(most recent call last\)|\b(?:Syntax|Type|Name|Reference|Import|ModuleNotFound|Indentation|Assertion)Error\b(?=:)|\bsegmentation fault\b|\bcommand not found\b/i;
const TEST_RUN =
  /\b(?:pytest|unittest|node --test|jest|vitest|mocha|go test|cargo test|npm (?:run )?test|yarn test|pnpm test|mvn test|gradle test|tox)\b/;
const ASKS_TESTS = /\b(?:tests?|tested|testing|pytest|unittest|jest|vitest)\b/i;
const TEST_CODE =
  /\bdef test_\w+|\bclass Test\w*|\b(?:test|it|describe)\s*\(|#\[test\]|\bfunc Test\w+/;

function presentFiles({ files, claimed, watched }: Work): readonly string[] {
  const there = files.filter(({ change }) => change !== "deleted").map(({ path }) => path);
  return watched ? there : [...there, ...claimed];
}

/** An answer that shows a file in words has it, where nobody looks at the disk. */
function filesNamed({ response, watched, files }: Work): readonly string[] {
  if (watched && files.length > 0) return [];
  return codeBlocks(response).length > 0 ? (response.match(/[\w./-]+\.\w+/g) ?? []) : [];
}

function codeOf({ response, files }: Work): readonly string[] {
  const shown = codeBlocks(response).map(({ text }) => text);
  const written = files.flatMap(({ path, text }) =>
    text === undefined || PROSE.test(path) ? [] : [text],
  );
  return [...shown, ...written];
}

const PROSE = /\.(?:md|rst|txt|csv|tsv|log)$/i;

function everything({ response, data, files }: Work): string {
  const texts = files.map(({ path, text }) => `${path}\n${text ?? ""}`);
  return [response, data === undefined ? "" : JSON.stringify(data), ...texts].join("\n");
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function say(code: Finding["code"], message: string): Finding {
  return { code, message };
}

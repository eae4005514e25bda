/**
 * How far what was found bears an answer out. Every proof is something that was looked at; words alone never reach the
 * top. A model's judgement may be weighed in. Pure.
 */
import { isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import { doubtIn } from "../worker/doubt.ts";
import { touched, type Work } from "./evidence.ts";
import type { Confidence, Finding, Proof, Quality, Validation } from "./facts.ts";
import { FILE } from "./requirements.ts";

/** Without a single thing that was seen, an answer is trusted no further than this. */
const WORDS_MOST = 80;

/** Scores an answer that was validated and checked. `schema`: whether the step asks for one. */
export function scoreConfidence(found: {
  readonly work: Work;
  readonly validation: Validation;
  readonly quality: Quality;
  readonly schema: boolean;
  /** Files that were there before, which an answer may cite. */
  readonly known?: readonly string[];
}): Confidence {
  const { work, validation, quality, schema } = found;
  const evidence: readonly Proof[] = [
    proof("validated", validation.verdict === "valid" ? 1 : 0, 1, `by ${validation.by}`),
    proof("quality", quality.score / 100, 2, `quality ${quality.score}`),
    schemaProof(schema, work),
    filesProof(work),
    commandsProof(work),
    testsProof(work),
    citationsProof(work, found.known ?? []),
    hedgingProof(work),
  ];
  let sum = 0;
  let weight = 0;
  for (const { held, weight: one } of evidence) {
    if (held === null) continue;
    sum += held * one;
    weight += one;
  }
  const score = Math.round((100 * sum) / weight);
  const seen = evidence.some(({ name, held }) => HARD.has(name) && held !== null);
  return { score: seen ? score : Math.min(score, WORDS_MOST), evidence };
}

/** The score with an agent's own judgement (0 to 100) weighed in; one that could not be read changes nothing. */
export function withJudgement(
  confidence: Confidence,
  judged: { readonly agent: string; readonly score: number | null; readonly weight: number },
): Confidence {
  const { score, weight } = judged;
  if (score === null) return { ...confidence, judgement: judged };
  const mixed = Math.round((1 - weight) * confidence.score + weight * score);
  return { ...confidence, score: mixed, judgement: judged };
}

/** The schema that a judging agent's answer must fit. */
export const JUDGEMENT_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    score: {
      type: "number",
      minimum: 0,
      maximum: 100,
      description: "How sure you are that it is right.",
    },
    why: { type: "string" },
  },
  required: ["score"],
};

/** A judgement in an agent's result; null when it cannot be read, or the agent is not sure of it itself. */
export function readJudgement(result: Json | undefined): number | null {
  if (result === undefined || doubtIn(result) !== undefined) return null;
  const data = isObject(result) ? own(result, "data") : undefined;
  const score = isObject(data) ? data.score : undefined;
  return typeof score === "number" && score >= 0 && score <= 100 ? score : null;
}

/** What to prove, where confidence is what was missing. */
export function doubts({ score, evidence, judgement }: Confidence): readonly Finding[] {
  const found = evidence
    .filter(({ name, held }) => held !== null && name !== "quality" && held < (SAID[name] ?? 0.5))
    .map(({ name, detail }) => `${ASKED[name]} (${detail}).`);
  // Where only the judge doubts it, that is what there is to say.
  const judged = judgement?.score ?? null;
  if (judgement && judged !== null && judged <= score)
    found.push(
      `${judgement.agent} is not sure of the answer (${judged} of 100): show what proves it.`,
    );
  return found.map((message) => ({ code: "unproven", message }));
}

/** What somebody says of their own answer is wanting as soon as the score is. */
const SAID: Readonly<Partial<Record<Proof["name"], number>>> = { worker: 1 };

const HARD: ReadonlySet<Proof["name"]> = new Set([
  "schema",
  "files_changed",
  "commands_run",
  "tests_passed",
]);

const ASKED: Readonly<Record<Proof["name"], string>> = {
  validated: "The answer was not validated",
  quality: "The quality is low",
  schema: "The answer has no data that fits the schema",
  files_changed: "The files that the answer names were not changed",
  commands_run: "Commands that were run failed",
  tests_passed: "The tests did not pass",
  citations: "The answer cites files that are not there",
  worker: "The worker is not sure of its answer",
  no_hedging: "The answer is unsure of itself: find out, then say what is",
};

function schemaProof(schema: boolean, { data }: Work): Proof {
  const held = schema ? (data === undefined ? 0 : 1) : null;
  return proof("schema", held, 2, schema ? "an output schema is asked for" : "no schema");
}

function filesProof(work: Work): Proof {
  if (!work.watched) return proof("files_changed", null, 2, "nobody looked");
  const changed = touched(work);
  if (work.claimed.length === 0)
    return proof("files_changed", changed.length > 0 ? 1 : null, 2, `${changed.length} changed`);
  const really = work.claimed.filter((file) => changed.includes(file)).length;
  const detail = `${really} of ${work.claimed.length} that were named`;
  return proof("files_changed", really / work.claimed.length, 2, detail);
}

function commandsProof({ commands }: Work): Proof {
  const known = commands.filter(({ exit_code }) => exit_code !== null);
  if (known.length === 0) return proof("commands_run", null, 1, "none seen");
  // An agent tries things out: how it came out in the end is what counts.
  const last = new Map(known.map(({ command, exit_code }) => [command, exit_code]));
  const fine = [...last.values()].filter((code) => code === 0).length;
  return proof("commands_run", fine / last.size, 1, `${fine} of ${last.size} ended well`);
}

function testsProof({ tests }: Work): Proof {
  if (!tests) return proof("tests_passed", null, 3, "none were run for it");
  const held = tests.exit_code === 0 ? 1 : 0;
  return proof("tests_passed", held, 3, `${tests.command}: exit code ${tests.exit_code}`);
}

function citationsProof(work: Work, known: readonly string[]): Proof {
  const cited = [...new Set(work.response.match(FILE) ?? [])];
  if (!work.watched || cited.length === 0) return proof("citations", null, 1, "none to look up");
  const there = [...known, ...work.files.map(({ path }) => path)];
  const found = cited.filter((file) =>
    there.some((path) => path === file || path.endsWith(`/${file}`)),
  );
  return proof(
    "citations",
    found.length / cited.length,
    1,
    `${found.length} of ${cited.length} are there`,
  );
}

const HEDGES =
  /\b(?:I (?:think|believe|guess|assume|suppose)|not (?:entirely |quite )?sure|might (?:work|need|be)|may not (?:work|be)|should (?:probably|hopefully)|probably|hopefully|untested|(?:have|did)(?:n['’]t| not) (?:tested?|run|verif(?:y|ied)))\b/gi;

function hedgingProof({ response }: Work): Proof {
  const hedges = response.match(HEDGES)?.length ?? 0;
  return proof("no_hedging", Math.max(0, 1 - hedges / 3), 1, `${hedges} unsure words`);
}

function proof(name: Proof["name"], held: number | null, weight: number, detail: string): Proof {
  return { name, held, weight, detail };
}

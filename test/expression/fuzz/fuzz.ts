/**
 * One seed, one bad source: generated right, damaged at one part, compiled and evaluated.
 * Owns what is measured; FERMATA_FUZZ_SEED=n in the tests plays one again.
 */
import {
  compileTemplate,
  type ExpressionError,
  renderTemplate,
} from "../../../src/expression/template.ts";
import { createRandom, type Random } from "../../simulation/random.ts";
import { contextOf } from "../evaluation.ts";
import { DATA, generateSource, type Tree } from "./generate.ts";
import { type Damaged, damage } from "./mutate.ts";
import { placeParts } from "./tree.ts";

export interface Bad {
  readonly seed: number;
  readonly damaged: Damaged;
  readonly error: ExpressionError;
  /** Of this thread's processor time, compiling and evaluating. */
  readonly ms: number;
  /** The error stands in the damaged part, or at the first word behind it, where something is missed. */
  readonly inside: boolean;
  /** The same of the changed text alone, where a bracket too many counts as told only at that very bracket. */
  readonly exactly: boolean;
  /** The damaged part's share of the source. */
  readonly share: number;
}

const context = contextOf(DATA);

/** The error of a text, from compiling or evaluating it; undefined when it is right. */
export function errorIn(text: string): ExpressionError | undefined {
  const compiled = compileTemplate(text);
  if (!compiled.ok) return compiled.error;
  const result = renderTemplate(compiled.template, context);
  return result.ok ? undefined : result.error;
}

/** The bad source of a seed; undefined when the damage left it right by luck. */
export function play(seed: number): Bad | undefined {
  const random = createRandom(seed);
  const tree = generateRight(random);
  const damaged = damage(random, tree);
  const before = process.threadCpuUsage();
  const error = errorIn(damaged.text);
  const { user, system } = process.threadCpuUsage(before);
  if (error === undefined) return undefined;
  const share = (damaged.end - damaged.start) / damaged.text.length;
  return {
    seed,
    damaged,
    error,
    ms: (user + system) / 1000,
    inside: isInside(damaged.text, damaged, error.start),
    exactly: isInside(damaged.text, damaged.changed, error.start),
    share,
  };
}

/** What is generated is right, but for a number too large or kinds that cannot be ordered: then another is made. */
function generateRight(random: Random): Tree {
  for (let tries = 0; tries < 50; tries++) {
    const tree = generateSource(random);
    if (errorIn(placeParts(tree).text) === undefined) return tree;
  }
  throw new Error("the generator makes nothing that is right");
}

/** At the part, or at the first word behind it, where something is missed. */
export function isInside(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  offset: number,
): boolean {
  const behind = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
  return offset >= start && offset <= behind;
}

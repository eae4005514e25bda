/**
 * What is wrong with a text as YAML, each problem where a person has to mend it: a quote or bracket that is not closed
 * is found by the parser behind it, at the end of the file at worst. Knows no rule of the language.
 */
import { type Document, isCollection, isPair, isScalar, type YAMLError } from "yaml";

export interface YamlProblem {
  /** Offsets, the second exclusive. */
  readonly at: readonly [number, number];
  readonly message: string;
}

/** At most `most` problems: those behind the first ones mostly follow from them. */
export function yamlProblems(document: Document, text: string, most: number): YamlProblem[] {
  const errors = [...document.errors, ...document.warnings].slice(0, most);
  const openers = errors.some(({ message }) => isAboutOpener(message)) ? openersOf(document) : [];
  return errors.map((error) => problemOf(error, openers, text));
}

function problemOf(
  { pos, message }: YAMLError,
  openers: readonly Opener[],
  text: string,
): YamlProblem {
  const opener = isAboutOpener(message) ? openers.findLast(isBefore(pos[0], text)) : undefined;
  if (!opener) return { at: pos, message: `This is not valid YAML: ${message}.` };
  const mark = text.charAt(opener.start);
  return {
    at: [opener.start, opener.start + 1],
    message: `This is not valid YAML: this \`${mark}\` is not closed where it should be (${message}).`,
  };
}

/** A quoted text or a flow collection, in the order of their starts. */
interface Opener {
  readonly start: number;
  readonly end: number;
}

function isAboutOpener(message: string): boolean {
  return /^Missing closing|^Flow (map|sequence)|at node end$/.test(message);
}

/** Whether an opener begins before an offset, over more than its own line, and reaches it but for white space. */
function isBefore(offset: number, text: string): (opener: Opener) => boolean {
  return ({ start, end }) =>
    start < offset &&
    text.slice(start, offset).includes("\n") &&
    (end >= offset || text.slice(end, offset).trim() === "");
}

function openersOf(document: Document): readonly Opener[] {
  const found: Opener[] = [];
  const ahead: unknown[] = [document.contents];
  while (ahead.length > 0) {
    const node = ahead.pop();
    if (isPair(node)) ahead.push(node.value, node.key);
    else if (isScalar(node) || isCollection(node)) {
      const [start, end] = node.range ?? [0, 0];
      const opens = isCollection(node) ? node.flow === true : /^QUOTE/.test(node.type ?? "");
      if (opens) found.push({ start, end });
      if (isCollection(node)) for (const item of node.items.toReversed()) ahead.push(item);
    }
  }
  return found;
}

/** What words a text is about: stop words left out, endings taken off. Pure text; knows no use of it. */

const STOP = new Set(
  (
    "a about above after again all also am an and any are as at be because been before being below between both but by " +
    "can could did do does doing done down during each few for from further get give given had has have having he her " +
    "here hers him his how i if in into is it its just let like make me more most must my no nor not now of off on once " +
    "one only or other our out over own please same shall she should so some such than that the their them then there " +
    "these they this those through to too two under until up us use used using very was we were what when where which " +
    "while who why will with would yes you your"
  ).split(" "),
);

/** Words that ask for work without saying which. */
const GENERIC = new Set(
  (
    "add adjust app application appropriate best better build change clean code codebase create develop enhance " +
    "everything file fix function general good great help implement improve improvement issue modify nice optimise " +
    "optimize polish problem program project quality refactor review rework script software something stuff task " +
    "thing tidy update work write"
  ).split(" "),
);

/** Words of a text, in lower case, the parts of names that are written together each on their own. */
export function wordsOf(text: string): readonly string[] {
  const apart = text.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return apart.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A word without its commonest English ending, so that `divides` and `dividing` meet. */
export function stem(word: string): string {
  if (word.length < 5) return word.replace(/s$/, "");
  const cut = word.replace(/(?:ations?|ions?|ings?|edly|ed|ers?|ors?|es|s|ly|e|y)$/, "");
  return cut.length >= 3 ? cut : word;
}

/** Stems of what a text is about, each once, in order. */
export function termsOf(text: string): readonly string[] {
  const words = wordsOf(text).filter((word) => !STOP.has(word) && word.length > 1);
  return [...new Set(words.map(stem))];
}

/** The same without words that could stand in any task: empty for "Improve the code". */
export function specificTerms(text: string): readonly string[] {
  const words = wordsOf(text).filter(
    (word) => !STOP.has(word) && !GENERIC.has(word) && !GENERIC.has(word.replace(/s$/, "")),
  );
  return [...new Set(words.filter((word) => word.length > 1).map(stem))];
}

/** The share of these stems that a text has, from 0 to 1; 1 where there are none. */
export function shareIn(terms: readonly string[], text: string): number {
  if (terms.length === 0) return 1;
  const found = new Set(wordsOf(text).map(stem));
  return terms.filter((term) => found.has(term)).length / terms.length;
}

/** A sentence of the design or of the language, and where a test shows it. */
export type Sentence = readonly [
  sentence: string,
  /** A file of `cases`, or of `test` where it ends in `.test.ts`. */
  file: string,
  /** How the name of the case, or of the test, begins. */
  shown: string,
];

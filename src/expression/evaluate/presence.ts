/** Filters and tests that ask whether something is there: they may stand over a name that nothing has. */
export const ASKS_FOR_PRESENCE: ReadonlySet<string> = new Set([
  "default",
  "d",
  "defined",
  "undefined",
]);

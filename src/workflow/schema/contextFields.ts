/** The keys of `context`. */
import { boolean, type Fields, NAME, type Shape, structure, template } from "./shape.ts";

const CONTEXT_FIELDS: Fields = {
  files: {
    shape: { type: "list", of: template },
    doc: "Files of the workspace, by path or glob (`src/**/*.ts`); `!` before one leaves files out. What git ignores and what holds secrets is not given.",
  },
  history: {
    shape: boolean,
    default: false,
    doc: "True: what came of the attempts at this step before, and what it answered when it was visited last.",
  },
  results: {
    shape: { type: "map", of: structure, names: NAME },
    doc: 'Values by name, such as `{findings: "{{ steps.research }}"}`.',
  },
  tokens: {
    shape: { type: "number", integer: true, min: 100, max: 2_000_000 },
    doc: "Room for all of it, in tokens; none: the agent's `context_tokens` (8000).",
  },
  compress: {
    shape: boolean,
    default: true,
    doc: "What does not fit is made shorter: the most relevant parts stay, the rest becomes extracts that keep names, numbers and errors. False: it fails.",
  },
};

export const CONTEXT: Shape = { type: "record", title: "context", fields: CONTEXT_FIELDS };

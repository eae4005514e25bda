/** The key `isolation`. */
import { boolean, choice, type Fields, type Shape } from "./shape.ts";

const ISOLATION_FIELDS: Fields = {
  merge: {
    shape: choice("ask", "always", "never"),
    default: "ask",
    doc: "What becomes of the work: you are asked over its diff, it is merged at once, or it stays on its branch.",
  },
  dirty: {
    shape: boolean,
    default: false,
    doc: "True: begins even if the workspace has uncommitted changes, which the agent does not see.",
  },
};

export const ISOLATION: Shape = {
  type: "either",
  scalar: choice("worktree"),
  map: { type: "record", title: "isolation", fields: ISOLATION_FIELDS },
};

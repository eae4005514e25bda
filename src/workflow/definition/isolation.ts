/** How a delegate step is kept apart from the workspace. Owns the shape only. */

export interface Isolation {
  /** What becomes of the work: a person is asked, it is merged, or it stays on its branch. */
  readonly merge: "ask" | "always" | "never";
  /** Uncommitted changes of the workspace, which the agent does not see, are no reason not to begin. */
  readonly dirty: boolean;
}

/** The settings of a step; `worktree` alone stands for the usual ones. */
export function isolationOf(written: "worktree" | Isolation): Isolation {
  return written === "worktree" ? { merge: "ask", dirty: false } : written;
}

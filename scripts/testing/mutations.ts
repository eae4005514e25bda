/**
 * The safeguards that promises 1 to 5 stand on, each as the text whose loss the simulated crashes must notice.
 * Owns the places; whoever moves a safeguard moves its line here.
 */

export interface Mutation extends Change {
  readonly name: string;
  /** What guards the same thing a second time, and goes with it. */
  readonly also?: Change;
}

export interface Change {
  /** Relative to the root. */
  readonly file: string;
  /** The safeguard; stands in the file once. */
  readonly from: string;
  readonly to: string;
}

const JOURNAL = "src/journal/fileJournal.ts";
const OWNER = "src/journal/owner.ts";
const BLOBS = "src/journal/blobs.ts";
const DISK = "src/journal/disk.ts";
const FOLDER = "src/journal/runFolder.ts";
const READ = "src/journal/read.ts";

/** Syncs. */
const SYNCS: readonly Mutation[] = [
  {
    name: "sync-records",
    file: JOURNAL,
    from: "    await file.datasync();\n    if (await tenure.passed())",
    to: "    if (await tenure.passed())",
  },
  { name: "sync-renewed", file: JOURNAL, from: "await this.#renew(reading);", to: "" },
  {
    name: "sync-new-file",
    file: DISK,
    from: "  await disk.create(path, bytes);\n  await disk.syncFile(path);",
    to: "  await disk.create(path, bytes);",
  },
  { name: "sync-blob-names", file: BLOBS, from: "await disk.syncFolder(folder);", to: "" },
  { name: "sync-owner-name", file: OWNER, from: "if (won) await disk.syncFolder(folder);", to: "" },
  { name: "sync-run-name", file: FOLDER, from: "    disk.syncFolder(runs),\n", to: "" },
  {
    name: "sync-folders-above",
    file: FOLDER,
    from: "  await disk.syncFolder(parent).catch(",
    to: "  if (!isThere) await disk.syncFolder(parent).catch(",
  },
];

/** Looks at tokens and ids: what is late or comes twice. */
const TOKENS: readonly Mutation[] = [
  {
    name: "token-of-outcome",
    file: "src/run/admit.ts",
    from: 'task?.state.is !== "running" || task.state.token !== token',
    to: 'task?.state.is !== "running"',
  },
  {
    name: "token-of-attempt",
    file: "src/engine/embedded/performer.ts",
    from: "if (running.get(place)?.token === token) running.delete(place);",
    to: "running.delete(place);",
  },
  {
    name: "id-of-signal",
    file: "src/run/admit.ts",
    from: 'if (state.signalIds.has(id)) return refused("This signal was admitted before.");',
    to: "",
    also: {
      file: "src/app/runs/runs.ts",
      from: "isKnown: (id) => live.state.signalIds.has(id)",
      to: "isKnown: () => false",
    },
  },
];

/** Looks at fences: who may still write, and what counts. */
const FENCES: readonly Mutation[] = [
  {
    name: "fence-after-sync",
    file: JOURNAL,
    from: "if (await tenure.passed()) throw fenced(run, tenure.fence);",
    to: "",
  },
  {
    name: "fence-of-record",
    file: READ,
    from: "if (this.#header && record.fence < this.#fence) return this.#skip(next);",
    to: "",
  },
  {
    name: "fence-voids-between",
    file: READ,
    from: "while (kept > 0 && (this.#starts[kept - 1] ?? 0) >= adoption.after) kept -= 1;",
    to: "",
  },
  {
    name: "fence-of-claim",
    file: OWNER,
    from: "await disk.link(temporary, ownerPath(folder, fence));",
    to: "await disk.rename(temporary, ownerPath(folder, fence));",
  },
  {
    name: "fence-is-held",
    file: OWNER,
    from: 'if (owner.sight === "running" && age >= 0 && age < patience) return "alive";\n',
    to: "return undefined;\n",
  },
];

/** What is done in which order, and what stays done. */
const ORDER: readonly Mutation[] = [
  {
    name: "failed-sync-is-final",
    file: JOURNAL,
    from: "    await file.datasync();\n    if (await tenure.passed())",
    to: "    await file.datasync().catch(() => file.datasync());\n    if (await tenure.passed())",
  },
  {
    name: "act-after-append",
    file: "src/engine/drive.ts",
    from: "        ports.publish(await ports.journal.append(batch.events, batch.at), state);",
    to:
      "        for (const effect of batch.effects.splice(0)) ports.performer.perform(effect, report);\n" +
      "        ports.publish(await ports.journal.append(batch.events, batch.at), state);",
  },
  {
    name: "attempt-waits-for-last",
    file: "src/engine/embedded/performer.ts",
    from: "const before = running.get(place)?.done ?? Promise.resolve();",
    to: "const before = Promise.resolve();",
  },
];

export const MUTATIONS: readonly Mutation[] = [...SYNCS, ...TOKENS, ...FENCES, ...ORDER];

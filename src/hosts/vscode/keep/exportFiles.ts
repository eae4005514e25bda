/**
 * A run as the files of a folder: its journal, its report, what each task said. Pure; writes nothing.
 * Secrets are in none of them: what activities say is redacted before it is recorded.
 */
import type { TranscriptLine } from "../../../app/app.ts";
import type { JsonObject } from "../../../util/json.ts";
import { runAsText } from "../documents/runAsText.ts";
import { transcriptText } from "../documents/transcriptText.ts";
import type { RunEntry } from "../hostModel.ts";

export interface ExportedFile {
  /** With `/`, relative to the folder. */
  readonly name: string;
  readonly text: string;
}

export interface Exported {
  readonly entry: RunEntry;
  /** What the app's export says: records, and the state's hash. */
  readonly run: JsonObject;
  /** By the task's path; only those that said something. */
  readonly transcripts: ReadonlyMap<string, readonly TranscriptLine[]>;
  readonly me: string;
  readonly workspace: string;
  readonly now: number;
}

/** Every file of the export; names are unique on any disk. */
export function exportFiles(exported: Exported): readonly ExportedFile[] {
  const { entry, run, transcripts, me, workspace, now } = exported;
  const tasks = [...transcripts].map(([path, lines], index) => ({
    name: `transcripts/${String(index + 1).padStart(3, "0")}-${plainName(path)}.txt`,
    text: transcriptText(lines, path, entry.state?.tasks.get(path)?.failure),
  }));
  return [
    { name: "README.md", text: readme(entry, tasks.length, now) },
    { name: "run.json", text: `${JSON.stringify(run, null, 2)}\n` },
    { name: "report.txt", text: runAsText(entry, { me, workspace, now }) },
    ...tasks,
  ];
}

function readme({ run, summary }: RunEntry, transcripts: number, now: number): string {
  return [
    `# ${summary.workflow}: ${run}`,
    "",
    `${summary.subject} (${summary.status}), exported ${new Date(now).toISOString()}.`,
    "",
    "- `run.json`: every event in order, with the hash of the state that they fold to",
    "- `report.txt`: every task with its outcome, times and tokens",
    ...(transcripts > 0
      ? [`- \`transcripts/\`: what ${transcripts} tasks said, live lines and all`]
      : []),
    "",
    "Values of secrets are in none of these files: they are taken out before anything is recorded.",
    "",
  ].join("\n");
}

/** Letters, digits and little else, so that a name is one everywhere. */
function plainName(path: string): string {
  return path.replace(/[^\w.#[\]-]+/g, "-").slice(-80);
}

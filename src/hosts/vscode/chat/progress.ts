/** What happens in a run, told line by line in a chat until it rests. Owns when a look is taken; knows no editor. */
import type { RunWatch } from "../../../app/app.ts";
import { comesToRest } from "../../../app/runs/rest.ts";
import { newsOf, type Said } from "../../../views/plain/news.ts";
import { rowInfo, signOf } from "../../../views/plain/text.ts";
import { isOver } from "../../../views/statusWord.ts";
import type { TaskRow } from "../../../views/taskRow.ts";
import { runTree } from "../../../views/taskTree.ts";
import { escaped } from "../plainText.ts";

/** Changes of so many ms are looked at together. */
const GATHER = 200;

/** Where progress is told: lasting lines, and one that the next replaces. */
interface Told {
  markdown(text: string): void;
  progress(text: string): void;
}

/** True once the run rests; false when `signal` came first. */
export async function tellProgress(
  watch: RunWatch,
  stream: Told,
  me: string,
  signal: AbortSignal,
): Promise<boolean> {
  const said: Said = new Map();
  let soon: NodeJS.Timeout | undefined;
  const look = (): void => {
    soon = undefined;
    const { state, live, ownership } = watch;
    const tree = runTree(state, { driven: ownership !== "nobody", live, me });
    for (const { row, trail } of newsOf(tree, said)) tell(row, trail);
  };
  const tell = (row: TaskRow, trail: readonly string[]): void => {
    const title = [...trail, row.title].join(" › ");
    if (row.status === "running") stream.progress(title);
    else if (isOver(row.status) || row.status === "asking") {
      const info = rowInfo(row, row.endedAt ?? row.startedAt ?? 0);
      stream.markdown(`- ${signOf(row.status)} ${escaped(title)} ${escaped(info)}\n`);
    }
  };
  const stop = watch.onChange(({ type }) => {
    if (type !== "live") soon ??= setTimeout(look, GATHER);
  });
  try {
    const rested = await comesToRest(watch, signal);
    if (rested) look();
    return rested;
  } finally {
    clearTimeout(soon);
    stop();
  }
}

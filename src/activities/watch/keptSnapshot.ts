/**
 * A look at a workspace, kept for a host that may have to judge the attempt after this one died. One JSON line a file,
 * between a head and an end; without its end it is nobody's word. Not synced: losing it loses evidence, no work.
 * Owns the file's form.
 */
import { open, rename } from "node:fs/promises";
import { isList, type Json, parsedJson } from "../../util/json.ts";
import type { Seen, Snapshot } from "./fileWatcher.ts";

/** Characters that are gathered before they are written: a large workspace must not hold the host up. */
const PIECE = 256 * 1024;

/** Writes a look down; it is there in full, or not at all. A file whose text is not to be kept is known by size and time. */
export async function keepSnapshot(
  file: string,
  { files, whole }: Snapshot,
  hides: (text: string) => boolean = () => false,
): Promise<void> {
  const temporary = `${file}.new`;
  const handle = await open(temporary, "w", 0o600);
  try {
    let text = line([whole]);
    const kept = [...files].filter(([path]) => !hides(path));
    for (const [path, { size, modified, text: held }] of kept) {
      const shown = held === undefined || hides(held) ? [] : [held];
      text += line([path, size, modified, ...shown]);
      if (text.length < PIECE) continue;
      await handle.writeFile(text);
      text = "";
    }
    await handle.writeFile(text + line([kept.length]));
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** The look that was kept; undefined when none was, or not in full. */
export async function keptSnapshot(file: string): Promise<Snapshot | undefined> {
  const handle = await open(file, "r").catch(() => undefined);
  if (!handle) return undefined;
  const files = new Map<string, Seen>();
  let whole: boolean | undefined;
  let ended = false;
  try {
    for await (const text of handle.readLines()) {
      const read = parsedJson(text);
      if (!isList(read) || ended) return undefined;
      if (whole === undefined) {
        if (typeof read[0] !== "boolean") return undefined;
        whole = read[0];
      } else if (typeof read[0] === "number") ended = read[0] === files.size;
      else if (!take(files, read)) return undefined;
    }
  } finally {
    await handle.close();
  }
  return ended && whole !== undefined ? { files, whole } : undefined;
}

function take(files: Map<string, Seen>, [path, size, modified, text]: readonly Json[]): boolean {
  if (typeof path !== "string" || typeof size !== "number" || typeof modified !== "number")
    return false;
  files.set(path, { size, modified, ...(typeof text === "string" ? { text } : {}) });
  return true;
}

/** Node ends a line at these two as well, which JSON leaves as they are. */
function line(value: Json): string {
  const text = JSON.stringify(value);
  return `${text.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;
}

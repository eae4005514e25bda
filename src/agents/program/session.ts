/**
 * What a vendor's session needs to be gone on with after its host died: its name, on disk before the prompt is sent, and
 * the words that go on with it. Owns the file's form. Knows no vendor.
 */
import { open, readFile } from "node:fs/promises";
import { isObject, parsedJson } from "../../util/json.ts";

/** What an agent is told in a session whose answer did not arrive. */
export const CONTINUE = [
  "The connection was lost while you worked on the request above, and your answer did not arrive.",
  "Look at what you have already done and do not do it a second time. Finish what is left of it, then answer the",
  "request above in full.",
].join(" ");

/** Keeps the session of an attempt; resolves once it is durable. `file`: the attempt's `memo`. */
export async function keepSession(file: string, session: string): Promise<void> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify({ session }));
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** The session that an attempt has kept; undefined when it kept none, or was cut off while it did. */
export async function keptSession(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const kept = parsedJson(text);
  return isObject(kept) && typeof kept.session === "string" ? kept.session : undefined;
}

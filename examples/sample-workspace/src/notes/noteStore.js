import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ApiError } from "../http/answers.js";

/**
 * All notes in one JSON file, rewritten on every change. Good for a few thousand notes.
 * Known gap: two instances that write at the same time overwrite each other (last one wins).
 */
export async function openNoteStore(file, maxPerOwner) {
  const notes = JSON.parse(await readFile(file, "utf8").catch(() => "[]"));
  let nextId = notes.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;

  const save = async () => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(notes));
    await rename(`${file}.new`, file);
  };

  return {
    list: (owner) => notes.filter((note) => note.owner === owner).reverse(),
    add: async (owner, { text }) => {
      if (notes.filter((note) => note.owner === owner).length >= maxPerOwner) {
        throw new ApiError(409, "full", `At most ${maxPerOwner} notes.`);
      }
      const note = { id: nextId++, owner, text, at: new Date().toISOString() };
      notes.push(note);
      await save();
      return note;
    },
    remove: async (owner, id) => {
      const index = notes.findIndex((note) => note.id === id && note.owner === owner);
      if (index < 0) {
        throw new ApiError(404, "not_found", `No note ${id}.`);
      }
      notes.splice(index, 1);
      await save();
    },
  };
}

/**
 * The two workflows inside the seed document, cut out of a copy of it, unchanged.
 */
import { readFileSync } from "node:fs";
import { besideNames, type LoadWorkflow } from "../../src/workflow/link.ts";

const DOCUMENT = new URL("../fixtures/seeds/002.txt", import.meta.url);
const BLOCK = /\(`workflows\/([\w-]+\.yaml)`\)\n\n```yaml\n([\s\S]*?)```/g;

/** File name to text: `interactive-planning.yaml` and `research_task.yaml`. */
export function seedFiles(): ReadonlyMap<string, string> {
  const blocks = readFileSync(DOCUMENT, "utf8").matchAll(BLOCK);
  return new Map([...blocks].map(([, fileName = "", text = ""]) => [fileName, text]));
}

/** Finds workflows among files that all stand in one folder. */
export function loadFrom(files: ReadonlyMap<string, string>): LoadWorkflow {
  return (name) => {
    const fileName = besideNames(name).find((candidate) => files.has(candidate));
    return fileName === undefined ? undefined : { fileName, text: files.get(fileName) ?? "" };
  };
}

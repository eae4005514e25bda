/**
 * The valid workflow files that mutations start from: those that ship, those of the seeds, the fixtures without errors,
 * and every workflow that the cases of runs play, written out as a file.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import type { LoadWorkflow } from "../../../src/workflow/link.ts";
import { validateWorkflow } from "../../../src/workflow/validate.ts";
import { loadFrom, seedFiles } from "../../workflow/seeds.ts";

export interface ValidFile {
  readonly fileName: string;
  readonly text: string;
  /** Finds what the file names beside it. */
  readonly load: LoadWorkflow;
}

const ROOT = path.join(import.meta.dirname, "..", "..", "..");

/** Every one without an error, in a stable order. */
export function validFiles(): readonly ValidFile[] {
  const files = [...shipped(), ...seeds(), ...played()];
  return files.filter(({ fileName, text, load }) => {
    const { bundle, diagnostics } = validateWorkflow({ fileName, text, load });
    return bundle !== undefined && diagnostics.every(({ severity }) => severity !== "error");
  });
}

function shipped(): readonly ValidFile[] {
  const found = globSync("{workflows,examples,test}/**/*.{yaml,yml}", { cwd: ROOT })
    .filter((file) => !file.includes("node_modules"))
    .sort();
  return found.map((file) => {
    const folder = path.dirname(file);
    const beside = new Map(
      found
        .filter((other) => path.dirname(other) === folder)
        .map((other) => [path.basename(other), readFileSync(path.join(ROOT, other), "utf8")]),
    );
    const fileName = path.basename(file);
    return { fileName, text: beside.get(fileName) ?? "", load: loadFrom(beside) };
  });
}

function seeds(): readonly ValidFile[] {
  const all = seedFiles();
  return [...all].map(([fileName, text]) => ({ fileName, text, load: loadFrom(all) }));
}

/** The cases hold workflows of every step kind, without `name` and `version`. */
function played(): readonly ValidFile[] {
  return globSync("test/run/cases/*.yaml", { cwd: ROOT })
    .sort()
    .flatMap((file) => {
      const documents = parseAllDocuments(readFileSync(path.join(ROOT, file), "utf8"));
      return [...documents].map((document, index): ValidFile => {
        const { file: keys } = document.toJS();
        const text = stringify({ name: "played", version: "1.0.0", ...keys });
        const fileName = `${path.basename(file, ".yaml")}-${index}.workflow.yaml`;
        return { fileName, text, load: () => undefined };
      });
    });
}

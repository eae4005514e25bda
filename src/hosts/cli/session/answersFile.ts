/**
 * An answers file: a YAML or JSON map from step ids or task paths to answers. It speaks as a policy, never as a person.
 * Owns reading it and the name it is recorded under, which is the hash of its text.
 */
import type { AnswersPolicy } from "../../../app/app.ts";
import { shortHash } from "../../../util/hash.ts";
import { isObject } from "../../../util/json.ts";
import { Problem } from "../problem.ts";
import { readText } from "./inputs.ts";

/** Reads an answers file. Throws a `Problem` that names line and column when it is not YAML. */
export async function readAnswersFile(file: string): Promise<AnswersPolicy> {
  const text = await readText(file);
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    const at = error.linePos?.[0];
    const place = at === undefined ? file : `${file}:${at.line}:${at.col}`;
    const why = (error.message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
    throw new Problem(`${place}: the answers file is not YAML: ${why}`);
  }
  const answers = plain(file, () => document.toJS({ maxAliasCount: 100 }));
  if (!isObject(answers)) {
    throw new Problem(
      `${file} is not a map. Write one answer a line: step-id: answer.`,
      undefined,
      [
        "For example:",
        "  gather-requirements: Keep it simple",
        "  request-approval: { approved: true }",
      ],
    );
  }
  return { id: shortHash(text), answers };
}

/** Aliases of aliases can stand for more than any memory holds; the library stops there. */
function plain(file: string, read: () => unknown): unknown {
  try {
    return read();
  } catch {
    throw new Problem(`${file} repeats its parts by aliases too often. Write the answers out.`);
  }
}

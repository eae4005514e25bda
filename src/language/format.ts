/**
 * A workflow file in the house's layout: two blanks a level, lists indented, comments kept.
 * Owns the guard that formatting never changes what a file says.
 */
import { parseDocument, visit } from "yaml";
import { applyEdits, type Edit } from "../workflow/edit.ts";
import { nodeSpan } from "../workflow/read/node.ts";

export type Formatted =
  | { readonly ok: true; readonly text: string }
  /** The text stays as it is; `why` is for people. */
  | { readonly ok: false; readonly why: string };

const OPTIONS = {
  uniqueKeys: false,
  prettyErrors: false,
  version: "1.2",
  logLevel: "silent",
} as const;

/** The same file, laid out anew; refused for a text that is not valid YAML or would say something else. */
export function formatWorkflow(text: string): Formatted {
  const read = contentOf(text);
  if (!read) return { ok: false, why: "This is not valid YAML; mend it first." };
  const written = closeLists(read.document.toString({ indent: 2, indentSeq: true, lineWidth: 0 }));
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const laid = written.replace(/\r?\n/g, eol);
  const again = contentOf(laid);
  if (!again || again.data !== read.data || again.comments !== read.comments) {
    return { ok: false, why: "This file cannot be laid out anew without changing what it says." };
  }
  return { ok: true, text: laid };
}

/** `[a, b]` beside `{ a: b }`: the library pads both alike. */
function closeLists(text: string): string {
  const edits: Edit[] = [];
  visit(parseDocument(text, OPTIONS), {
    Seq: (_, list) => {
      if (!list.flow) return;
      const [start, end] = nodeSpan(list);
      if (/^\[ \S/.test(text.slice(start)))
        edits.push({ start: start + 1, end: start + 2, text: "" });
      if (/\S \]$/.test(text.slice(start, end))) {
        edits.push({ start: end - 2, end: end - 1, text: "" });
      }
    },
  });
  return applyEdits(text, edits);
}

function contentOf(text: string) {
  try {
    const document = parseDocument(text, OPTIONS);
    if (document.errors.length > 0) return undefined;
    return {
      document,
      data: JSON.stringify(document.toJS({ maxAliasCount: 1000 })),
      comments: commentsOf(document),
    };
  } catch {
    return undefined;
  }
}

/** All comments of a document, as one text. */
function commentsOf(document: ReturnType<typeof parseDocument>): string {
  const found: string[] = [document.commentBefore ?? "", document.comment ?? ""];
  visit(document, {
    Node: (_, node) => {
      found.push(node.commentBefore ?? "", node.comment ?? "");
    },
  });
  return found
    .flatMap((each) => each.split("\n"))
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .join("\n");
}

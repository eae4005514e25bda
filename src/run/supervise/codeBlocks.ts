/** The code inside an answer, and whether it is all there: fences, brackets, placeholders. Pure text, no parser. */

export interface Code {
  /** The fence's word: `python`. */
  readonly language: string;
  readonly text: string;
  /** False when its fence was never closed. */
  readonly closed: boolean;
}

/** The fenced blocks of an answer. */
export function codeBlocks(answer: string): readonly Code[] {
  const blocks: Code[] = [];
  let open:
    | { readonly fence: string; readonly language: string; readonly lines: string[] }
    | undefined;
  for (const line of answer.split("\n")) {
    const fence = /^\s*(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(line);
    if (open && fence && (fence[1] ?? "").startsWith(open.fence) && fence[2] === "") {
      blocks.push({ language: open.language, text: open.lines.join("\n"), closed: true });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (fence) open = { fence: fence[1] ?? "", language: fence[2] ?? "", lines: [] };
  }
  if (open) blocks.push({ language: open.language, text: open.lines.join("\n"), closed: false });
  return blocks;
}

const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * How many brackets of a code are left open; -1 when one is closed that was not open. Quoted texts and comments are
 * passed over as most languages write them.
 */
export function openBrackets(code: string): number {
  const open: string[] = [];
  for (const [bracket] of withoutQuotes(code).matchAll(/[()[\]{}]/g)) {
    const partner = PAIRS[bracket];
    if (partner === undefined) open.push(bracket);
    else if (open.pop() !== partner) return -1;
  }
  return open.length;
}

function withoutQuotes(code: string): string {
  return code
    .replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, "")
    .replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(?:\/\/|#).*$/gm, "");
}

/** Words by which an answer says that it left something out. */
const LEFT_OUT =
  /\b(?:rest of (?:the |your )?(?:code|file|implementation|functions?)|remaining (?:code|functions?|methods?)|(?:existing|other) code (?:here|unchanged|stays)|your code here|code goes here|omitted for brevity|continues? (?:below|in the next)|to be (?:continued|implemented))\b|\[(?:truncated|\.\.\.|continued)\]/i;

/** Where an answer stops before its end, in words; undefined where it does not. */
export function truncation(answer: string): string | undefined {
  const blocks = codeBlocks(answer);
  if (blocks.some(({ closed }) => !closed)) return "A code block is never closed.";
  const cut = blocks.find(({ text }) => openBrackets(text) > 0);
  if (cut) return `The ${cut.language || "code"} block ends before its brackets do.`;
  const left = LEFT_OUT.exec(answer);
  if (left) return `It leaves something out: "${left[0]}".`;
  return /(?:[,;:({[]|\b(?:and|or|the|to|of|with))$/.test(answer.trimEnd()) && answer.length > 80
    ? "It stops in the middle of a sentence."
    : undefined;
}

const PLACEHOLDER =
  /\b(?:TODO|FIXME|XXX)\b|\bNotImplemented(?:Error)?\b|\bunimplemented!\(|\btodo!\(|^\s*(?:pass|\.\.\.)\s*(?:#.*)?$/m;

/** A place that was left to be filled in; undefined where there is none. */
export function placeholder(code: string): string | undefined {
  return PLACEHOLDER.exec(code)?.[0].trim();
}

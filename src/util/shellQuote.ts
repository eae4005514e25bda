/**
 * Turns any text into one word of a shell's command line.
 * Pure, because `decide` quotes the template values of a shell step. Knows nothing of processes.
 */

/**
 * One word of a POSIX shell that means exactly `text`, whatever it holds (`'it'\''s'`).
 * Only outside of other quotes; see `quoteAt` for text that stands inside some.
 */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * One argument on a command line of Windows' `cmd.exe`: quoted for the program's own parser (backslashes before a
 * quote doubled), then every character that cmd itself reads is escaped. Line breaks cannot be written there and
 * become blanks.
 */
export function quoteForCmd(text: string): string {
  const oneLine = text.replace(/\r\n|\r|\n/g, " ");
  const argument = oneLine.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, "$1$1");
  return `"${argument}"`.replace(/[()%!^"<>&|;, ]/g, "^$&");
}

/** A command line for people: words that need no quotes stay as they are. Never run its result. */
export function describeCommand(command: string | readonly string[]): string {
  if (typeof command === "string") return command;
  return command.map((word) => (PLAIN.test(word) ? word : quoteForShell(word))).join(" ");
}

const PLAIN = /^[\w@%+=:,./-]+$/;

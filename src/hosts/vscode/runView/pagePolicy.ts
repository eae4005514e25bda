/** What a page may load: its own script, style sheets and font, and nothing else. Knows no editor, so that tests hold it. */

/** The content security policy of a page whose files come from `source`. */
export function pagePolicy(source: string): string {
  const own = ["script-src", "style-src", "font-src"].map((kind) => `${kind} ${source}`);
  return ["default-src 'none'", ...own].join("; ");
}

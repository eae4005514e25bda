/** The little of a file system that the product's verbs need. Real in `compose.ts`; knows no format. */

export interface Files {
  /** The text of a file; undefined when there is none, or what is there is no plain file of a bearable size. */
  readText(path: string): Promise<string | undefined>;
  /** True when a path leads, its links followed, to something that is there and lies in a folder. */
  isInside(folder: string, path: string): Promise<boolean>;
  /** Creates folders as needed; the file is whole or absent. */
  writeText(path: string, text: string): Promise<void>;
  /** Gives a file that is there another text; it keeps its rights, and stays where a link leads. */
  replaceText(path: string, text: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<readonly string[]>;
  join(...parts: readonly string[]): string;
  /** Absolute; relative ones are taken from `base`. */
  resolve(base: string, path: string): string;
  folderOf(path: string): string;
}

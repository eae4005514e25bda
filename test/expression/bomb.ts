/**
 * Templates made to take all time or memory, each with a few words of data to work on.
 * `hostile/bombs.jsonl` holds them; `<<text*1000>>` in a source stands for a thousand times the text.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { compileTemplate, renderTemplate } from "../../src/expression/template.ts";
import { contextOf } from "./evaluation.ts";

export interface Bomb {
  readonly about: string;
  readonly source: string;
  /** The code of the error that ends it, or "done". */
  readonly ends?: string;
}

const FILE = new URL("hostile/bombs.jsonl", import.meta.url);

export function readBombs(): readonly Bomb[] {
  const lines = readFileSync(FILE, "utf8").trim().split("\n");
  return lines.map((line): Bomb => JSON.parse(line));
}

/** Keeps how each ends. */
export function writeBombs(bombs: readonly Bomb[]): void {
  writeFileSync(FILE, bombs.map((bomb) => `${JSON.stringify(bomb)}\n`).join(""));
}

/** The source as the engine gets it. */
export function writtenOut({ source }: Bomb): string {
  return source.replace(/<<([\s\S]*?)\*(\d+)>>/g, (_, text: string, times: string) =>
    text.repeat(Number(times)),
  );
}

/** What the templates can read, the same for all. */
export function createTarget(): ReturnType<typeof contextOf> {
  let deep: readonly unknown[] = [];
  for (let level = 0; level < 20_000; level++) deep = [deep];
  const rows = Array.from({ length: 2000 }, (_, id) => ({
    id: (id * 7919) % 2003,
    name: `row ${id}`,
  }));
  return contextOf({
    text: "lorem ipsum dolor sit amet ".repeat(20_000),
    row: "a".repeat(200_000),
    tail: `b${"a".repeat(50_000)}`,
    deep: deep as never,
    rows,
    wide: Object.fromEntries(rows.map(({ id, name }) => [name, id])),
    json: JSON.stringify(rows),
  });
}

/** Compiles and evaluates; answers the code of the error, or "done". */
export function explode(source: string, context: ReturnType<typeof contextOf>): string {
  const compiled = compileTemplate(source);
  const result = compiled.ok ? renderTemplate(compiled.template, context) : compiled;
  return result.ok ? "done" : result.error.code;
}

/**
 * Which run touched a file last, over all runs of a folder. Pure: owns what is remembered of it, and for how long.
 */
import { isAbsolute, relative, sep } from "node:path";
import type { Recorded } from "../../../run/event.ts";
import { isObject } from "../../../util/json.ts";
import { touchedFiles } from "../../../views/runPage/touchedFiles.ts";

/** The last run that touched a file. */
export interface Touch {
  readonly run: string;
  /** Path of the task. */
  readonly path: string;
  /** In ms since the epoch. */
  readonly at: number;
}

/** By the file's path in the folder, with `/`. */
export type Touches = ReadonlyMap<string, Touch>;

/** So many files are remembered, the latest. */
const MOST = 2000;

/** The touches with what a run's records add; the same map when they add nothing. */
export function withRecords(
  touches: Touches,
  run: string,
  records: readonly Recorded[],
  folder: string,
): Touches {
  const more = touchedFiles(records).flatMap(({ file, path, at }) => {
    const name = nameIn(folder, file);
    const before = name === undefined ? undefined : touches.get(name);
    if (name === undefined || (before && before.at > at)) return [];
    if (before?.run === run && before.path === path && before.at === at) return [];
    return [[name, { run, path, at }] as const];
  });
  if (more.length === 0) return touches;
  const all = [...new Map([...touches, ...more])];
  return new Map(all.sort(([, a], [, b]) => a.at - b.at).slice(-MOST));
}

/** The touches but for those of runs that are gone; the same map when none is. */
export function withoutRemoved(touches: Touches, isGone: (run: string) => boolean): Touches {
  const kept = [...touches].filter(([, { run }]) => !isGone(run));
  return kept.length === touches.size ? touches : new Map(kept);
}

/** Names whose touch differs between two states: what has to be drawn again. */
export function changedNames(before: Touches, after: Touches): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

/** Touches as they were stored; what does not fit is left out. */
export function readTouches(stored: unknown): Touches {
  const entries = Array.isArray(stored) ? stored : [];
  return new Map(
    entries.flatMap((entry: unknown) => {
      const [name, touch]: readonly unknown[] = Array.isArray(entry) ? entry : [];
      if (typeof name !== "string" || !isObject(touch)) return [];
      const { run, path, at } = touch;
      return typeof run === "string" && typeof path === "string" && typeof at === "number"
        ? [[name, { run, path, at }] as const]
        : [];
    }),
  );
}

/** A file's name in the folder, with `/`; undefined for one that lies outside. */
export function nameIn(folder: string, file: string): string | undefined {
  const name = isAbsolute(file)
    ? relative(folder, file)
    : relative(folder, `${folder}${sep}${file}`);
  const inside = name !== "" && !name.startsWith("..") && !isAbsolute(name);
  return inside ? name.split(sep).join("/") : undefined;
}

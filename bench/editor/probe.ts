/** The extension beside the product in a measured editor, and what it told. Owns its files. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageExtension } from "../../scripts/packageExtension.ts";
import { until } from "../../test/e2e/harness/until.ts";

/** A stretch in which the event loop turned late, in ms; `own`: processor time of the host in it. */
export interface HoldUp {
  readonly gap: number;
  readonly own: number;
  /** When it ended, in the microseconds of the host's profile. */
  readonly at: number;
}

export interface Probe {
  readonly vsix: string;
  readonly env: Readonly<Record<string, string>>;
  /** Forgets what was told so far. */
  again(): Promise<void>;
  held(): Promise<readonly HoldUp[]>;
  /** Where profiles are asked for: keeps the host's since `again`, with the hold-ups in it. */
  keep(name: string): Promise<void>;
  /** How long the product took to load, once it was told to. */
  loaded(): Promise<number>;
  dispose(): void;
}

/** Where profiles of the host and traces of the page go; not taken without it: they cost time themselves. */
export const PROFILES = process.env.FERMATA_BENCH_PROFILES;

/** Packs the extension and makes a folder for what it tells. */
export async function createProbe(): Promise<Probe> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "fp-"));
  const vsix = join(folder, "probe.vsix");
  await packageExtension(join(import.meta.dirname, "fixtures", "probe"), vsix);
  const again = join(folder, "again");
  const load = join(folder, "load.json");
  return {
    vsix,
    env: { FERMATA_PROBE: folder, ...(PROFILES ? { FERMATA_PROBE_PROFILE: "1" } : {}) },
    again: async () => {
      writeFileSync(again, "");
      await until(
        "the probe",
        async () => existsSync(again),
        (there) => !there,
      );
    },
    held: async () => {
      // What was held up last is told within half a second.
      await sleep(700);
      return JSON.parse(readFileSync(join(folder, "held.json"), "utf8"));
    },
    keep: async (name) => {
      if (!PROFILES) return;
      const enough = join(folder, "enough");
      writeFileSync(enough, "");
      await until(
        "the profile",
        async () => existsSync(enough),
        (there) => !there,
      );
      mkdirSync(PROFILES, { recursive: true });
      for (const file of ["held.json", "host.cpuprofile"])
        copyFileSync(join(folder, file), join(PROFILES, `${name}.${file}`));
    },
    loaded: async () => {
      await until(
        "the product to load",
        async () => existsSync(load),
        (there) => there,
      );
      return JSON.parse(readFileSync(load, "utf8")).took;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A new run from the beginning of another one. Owns the order: read, cut, plant, drive. The other run is only read. */
import { recordedOf } from "../../engine/drive.ts";
import type { Transcripts } from "../../engine/embedded/transcripts.ts";
import type { ArchivePlace } from "../../journal/archive/archiveRun.ts";
import { plantRun } from "../../journal/archive/plantRun.ts";
import { runFolder, runPaths } from "../../journal/runFolder.ts";
import { endedAttempts, forkRecords } from "../../run/edit/fork.ts";
import type { Failure } from "../../run/failure.ts";
import type { ForkRequest, Started } from "../app.ts";
import { type LaunchPorts, untrusted } from "../launch/launch.ts";
import type { RunDisk } from "./runDisk.ts";
import type { Runs } from "./runs.ts";
import { noSuchRun, orTrouble } from "./trouble.ts";

export interface ForkPorts {
  readonly place: ArchivePlace;
  readonly disk: Pick<RunDisk, "newId" | "records" | "list">;
  readonly runs: Pick<Runs, "open">;
  /** What was said in a run. */
  readonly transcripts: (run: string) => Pick<Transcripts, "copyTo">;
  readonly launch: Pick<
    LaunchPorts,
    "newSeed" | "machine" | "now" | "trusted" | "places" | "typed"
  >;
}

/** Makes the new run and drives it from here. */
export async function forkRun(ports: ForkPorts, request: ForkRequest): Promise<Started> {
  const { place, disk, runs, launch } = ports;
  if (!launch.trusted()) return no(untrusted(launch.places.workspace));
  if (!(await disk.list()).includes(request.run)) return no(noSuchRun(request.run));
  const made = await orTrouble(async () => {
    const run = disk.newId();
    const records = (await disk.records(request.run)).map(recordedOf);
    const [first] = records;
    const bundle = first?.event.type === "run_started" ? first.event.bundle : undefined;
    const set = request.set && (await launch.typed(request.set, bundle));
    const forked = forkRecords(records, request.from, {
      run,
      seed: launch.newSeed(),
      machine: launch.machine,
      by: request.startedBy,
      at: launch.now(),
      ...(set === undefined ? {} : { set }),
    });
    if (!forked.ok) return forked.failure;
    await plantRun(place, run, forked.records);
    const { output } = runPaths(runFolder(place.state, run));
    await ports.transcripts(request.run).copyTo(output, endedAttempts(forked.records));
    return run;
  });
  if (typeof made !== "string") return no(made);
  const opened = await runs.open(made, request.stops ? { stops: request.stops } : {});
  return opened.ok ? { ok: true, run: made } : no(opened.failure);
}

function no(failure: Failure): Started {
  return { ok: false, failure, diagnostics: [] };
}

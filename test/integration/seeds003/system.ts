/**
 * The whole of seed 003 for a test: the six workers on free ports over a folder of their own, and the product over a workspace
 * with the example's workflows and the workers' addresses in its settings.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createService, SERVICES } from "../../../examples/workers/services.ts";
import type { App } from "../../../src/app/app.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import type { Worker } from "../../../src/workerKit/createWorker.ts";
import { type Files, type Scene, scene } from "../harness/product.ts";

const EXAMPLE = new URL("../../../examples/workers/", import.meta.url);

export const PLANTED = JSON.parse(readFileSync(new URL("data/planted.json", EXAMPLE), "utf8"));

export interface System {
  readonly place: Scene;
  readonly app: App;
  /** Addresses by name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly workers: ReadonlyMap<string, Worker>;
  /** The workers' own folder. */
  readonly work: string;
  /** One operation, asked of a worker without the product. */
  direct(worker: string, operation: string, parameters?: JsonObject): Promise<JsonObject>;
}

/** All of it, let go after the test. `more` are further workers by name, and further workflows. */
export async function openSystem(
  t: TestContext,
  more: { readonly workers?: Readonly<Record<string, string>>; readonly files?: Files } = {},
): Promise<System> {
  const place = await scene(t, { ...templates(), ...more.files });
  const work = join(place.root, "workers");
  const workers = new Map<string, Worker>();
  const urls: Record<string, string> = {};
  for (const name of Object.keys(SERVICES)) {
    const worker = createService(name, work, 0);
    urls[name] = await worker.start();
    workers.set(name, worker);
    t.after(() => worker.stop(0));
  }
  const settings = { workers: { ...urls, ...more.workers } };
  await place.write(".fermata/settings.json", JSON.stringify(settings));
  const app = await place.open();
  const direct: System["direct"] = async (worker, operation, parameters = {}) => {
    const response = await fetch(`${urls[worker]}/operations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ operation, parameters }),
    });
    return { http: response.status, ...Object(await response.json()) };
  };
  return { place, app, urls, workers, work, direct };
}

/** The example's workflows, as files of a workspace. */
function templates(): Files {
  const folder = new URL("workflows/", EXAMPLE);
  const names = readdirSync(folder);
  return Object.fromEntries(
    names.map((name) => [`workflows/${name}`, readFileSync(new URL(name, folder), "utf8")]),
  );
}

/** A figure of the seed's, for whoever reads the test's output. */
export function say(t: TestContext, line: string): void {
  t.diagnostic(line);
}

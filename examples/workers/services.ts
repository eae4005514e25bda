/** The six workers by name: their ports, as the document that they come from gives them, and what they do. */
import { createWorker, type Operation, type Worker } from "../../src/workerKit/createWorker.ts";
import { type Folder, openFolder } from "./lib/folder.ts";
import { aiMl } from "./workers/aiMl.ts";
import { dataQuality } from "./workers/dataQuality.ts";
import { entityMatching } from "./workers/entityMatching.ts";
import { floridaData } from "./workers/floridaData.ts";
import { performanceWorker } from "./workers/performance.ts";
import { sunbiz } from "./workers/sunbiz.ts";

export interface Service {
  readonly port: number;
  /** Name of its log. */
  readonly log: string;
  readonly operations: (folder: Folder) => Readonly<Record<string, Operation>>;
}

/** In the order in which they are started. */
export const SERVICES: Readonly<Record<string, Service>> = {
  florida_data: { port: 8001, log: "florida_worker", operations: floridaData },
  data_quality: { port: 8002, log: "data_quality_worker", operations: dataQuality },
  sunbiz: { port: 8003, log: "sunbiz_worker", operations: sunbiz },
  entity_matching: { port: 8004, log: "entity_matching_worker", operations: entityMatching },
  performance: { port: 8005, log: "performance_worker", operations: performanceWorker },
  ai_ml: { port: 8006, log: "aiml_worker", operations: aiMl },
};

/** One of them over a folder; `port` in place of its own, 0 for a free one. */
export function createService(name: string, work: string, port?: number): Worker {
  const service = SERVICES[name];
  if (!service)
    throw new Error(`There is no worker ${name}. There are: ${Object.keys(SERVICES).join(", ")}.`);
  const folder = openFolder(work);
  return createWorker({
    name,
    operations: service.operations(folder),
    port: port ?? service.port,
    logFile: folder.log(`${service.log}.log`),
    answersFile: folder.store(`answers.${name}.jsonl`),
  });
}

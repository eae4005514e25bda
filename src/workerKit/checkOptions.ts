/** What an author can get wrong in a worker's options, told before it listens. Owns the words. */
import { isObject } from "../util/json.ts";
import type { WorkerOptions } from "./operation.ts";

/** Throws with what is wrong and the next move. */
export function checkOptions({ name, operations }: WorkerOptions): void {
  if (typeof name !== "string" || name === "") throw new Error("createWorker: give it a `name`.");
  const named = Object.entries(operations ?? {});
  if (named.length === 0) {
    throw new Error(`createWorker: ${name} has no \`operations\`. Name at least one.`);
  }
  for (const [operation, { description, parameters, run }] of named) {
    const at = `createWorker: the operation ${operation} of ${name}`;
    if (typeof run !== "function") throw new Error(`${at} has no \`run\` that could be called.`);
    if (typeof description !== "string")
      throw new Error(`${at} has no \`description\`. Say what it does.`);
    if (!isObject(parameters) || (parameters.type ?? "object") !== "object") {
      throw new Error(
        `${at} needs a JSON schema of an object as its \`parameters\`, as {type: "object"}.`,
      );
    }
  }
}

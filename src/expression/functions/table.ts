/** Every function by name. */
import { type Table, tableOf } from "../definition.ts";
import { CORE_FUNCTIONS } from "./core.ts";
import { HOST_FUNCTIONS } from "./host.ts";

export const FUNCTIONS: Table = tableOf([...CORE_FUNCTIONS, ...HOST_FUNCTIONS]);

/** A host to be killed: starts one guarded command, `host.ts CWD GUARD_RECORD SCRIPT`, and waits. */
import { spawnGuarded } from "../../src/process/spawn.ts";
import { PLAIN_ENV } from "./until.ts";

const [cwd = "", guardRecord = "", script = ""] = process.argv.slice(2);
const command = ["/bin/sh", "-c", script];
const child = await spawnGuarded({ command, cwd, env: PLAIN_ENV, guardRecord, stdin: "pipe" });
await child.gone;

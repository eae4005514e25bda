/** Stands in for an agent's program: reads its first line, prints a file as it is, then exits with a code or kills itself. */
import { once } from "node:events";
import { readFileSync } from "node:fs";

const [file = "", end = "0"] = process.argv.slice(2);
await once(process.stdin, "data");
process.stdin.destroy();
if (file !== "-") process.stdout.write(readFileSync(file));
process.stderr.write("last words\n");
if (end === "kill") process.kill(process.pid, "SIGKILL");
else process.exitCode = Number(end);

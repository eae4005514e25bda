/** Stands in for an agent's program: prints a file as it is, then exits with a code or kills itself. */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

const [file = "", end = "0"] = process.argv.slice(2);
await text(process.stdin);
if (file !== "-") process.stdout.write(readFileSync(file));
process.stderr.write("last words\n");
if (end === "kill") process.kill(process.pid, "SIGKILL");
else process.exitCode = Number(end);

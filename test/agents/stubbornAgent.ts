/**
 * An agent that is hard to stop: it ignores every polite signal, starts a child that does the same, and does not
 * answer until it is killed. Writes its own and the child's process number as a JSON line to the file it is given.
 * For the adapter `command`: ["node", "stubbornAgent.ts", FILE].
 */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [file = "", role = "agent"] = process.argv.slice(2);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
setInterval(() => undefined, 60_000);

if (role === "agent") {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file, "child"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    detached: true,
  });
  // The child's first word says that it ignores signals by now.
  child.once("message", () => {
    const key = process.env.FERMATA_KEY ?? "";
    const attempt = Number(process.env.FERMATA_ATTEMPT ?? "0");
    appendFileSync(
      file,
      `${JSON.stringify({ agent: process.pid, child: child.pid, key, attempt })}\n`,
    );
    process.stdout.write("started\n");
  });
} else {
  process.send?.("ready");
}

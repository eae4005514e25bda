/** One worker as a program: `node serve.ts NAME [WORK FOLDER] [PORT]`. Ends by SIGTERM once what runs has finished. */
import { join } from "node:path";
import { createService } from "./services.ts";

const [name = "", work = join(import.meta.dirname, "run"), port] = process.argv.slice(2);
const worker = createService(name, work, port === undefined ? undefined : Number(port));
const url = await worker.start();
console.log(`${name} ${url}`);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => void worker.stop().then(() => process.exit(0)));

/** `fermata mcp`: hands this folder's app to the server for other agents. stdout is the protocol's. */
import type { App } from "../../../app/app.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { type CommonOptions, withSession } from "../session/session.ts";

/** Serves an app until its client is gone. */
export type ServeApp = (app: App, end: AbortSignal) => Promise<void>;

/** Serves the folder's workflows and runs. What it drives is let go, and can be taken up again, when it ends. */
export function mcpCommand(options: CommonOptions, serve: ServeApp): Promise<ExitCode> {
  return withSession(options, async ({ app }) => {
    const end = new AbortController();
    const stop = (): void => end.abort();
    process.once("SIGTERM", stop).once("SIGINT", stop);
    await serve(app, end.signal);
    return EXIT.done;
  });
}

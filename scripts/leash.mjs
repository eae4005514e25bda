/**
 * Loaded before a verb that run.mjs started in a second process: when run.mjs is killed for good, so is the verb.
 * Otherwise a kill -9 of what the person sees would leave the real host running. Knows nothing else.
 */
if (process.channel) {
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel.unref();
}

export {};

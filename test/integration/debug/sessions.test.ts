/** Debugging runs through the debug protocol: sessions that come to a run, outlive an app, and end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, asks, start } from "../harness/product.ts";
import { connect } from "./client.ts";
import { launch, only, place } from "./debugged.ts";

test("a run that began without a debugger is attached to; the end of the session lets it go on", async (t) => {
  const { client, app, file } = await place(t);
  const run = await start(app, "sides");
  await asks(app, run, "ask");
  await client.ask("initialize");
  const attached = client.ask("attach", { run });
  await client.hear("initialized");
  await client.ask("setBreakpoints", {
    source: { path: file("sides") },
    breakpoints: [{ line: 10 }],
  });
  await client.ask("configurationDone");
  await attached;
  await client.ask("pause", { threadId: 1 });
  await client.hear("stopped");
  await client.ask("disconnect");
  const events = (await app.readEvents(run)).map(({ event }) => event.type);
  assert.equal(events.at(-1), "stops_removed");
  const stranger = connect(t, app, "other");
  await stranger.ask("initialize");
  assert.match(await stranger.refused("attach", { run: "run_aaaaaaaaaaaa" }), /There is no run/);
  assert.match(
    await stranger.refused("launch", { workflow: "nothing" }),
    /no workflow named nothing/,
  );
  assert.match(await stranger.refused("launch", {}), /Name the workflow/);
  assert.match(await stranger.refused("stepBack", { threadId: 1 }), /knows no stepBack/);
});

test("a session outlives the app: the run of another process is heard through the next one", async (t) => {
  const { made, app: other, file } = await place(t);
  const run = await start(other, "sides");
  await asks(other, run, "ask");
  let app = await made.open();
  const listeners = new Set<() => void>();
  const onReopened = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const client = connect(t, { app: () => app, onReopened }, "watching");
  await client.ask("initialize");
  const attached = client.ask("attach", { run, workflow: file("sides") });
  await client.hear("initialized");
  await client.ask("configurationDone");
  await attached;
  const before = app;
  app = await made.open();
  await before.dispose();
  for (const listener of listeners) listener();
  await answer(other, run, "ask", true);
  await client.hear("terminated");
  assert.match(client.traffic(), /The run is done/);
  client.dispose();
  assert.equal(listeners.size, 0);
});

test("the end of an adapter, however it comes, ends its stops", async (t) => {
  const here = await place(t);
  const { client, app } = here;
  await launch(here, "sides", [{ line: 8 }]);
  await client.hear("stopped");
  client.dispose();
  await asks(app, await only(app), "ask");
});

import { createMemoryJournal } from "../../src/journal/memory.ts";
import { journalContract } from "./contract.ts";

journalContract("in memory", async () => {
  const journal = createMemoryJournal();
  return {
    journal,
    recover: async () => journal.records,
    failNext: () => journal.failNext("the test says so"),
    dispose: async () => {},
  };
});

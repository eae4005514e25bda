import { createServer } from "node:http";
import { openTokens } from "./auth/tokens.js";
import { config } from "./config.js";
import { createRouter } from "./http/router.js";
import { openNoteStore } from "./notes/noteStore.js";

const store = await openNoteStore(config.dataFile, config.maxNotesPerOwner);
const tokens = await openTokens(config.tokenFile);

createServer(createRouter({ store, tokens, maxBodyBytes: config.maxBodyBytes })).listen(
  config.port,
  () => console.log(`listening on ${config.port}`),
);

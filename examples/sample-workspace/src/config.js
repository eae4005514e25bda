/** Settings come from the environment, once, at start. */
export const config = {
  port: Number(process.env.PORT ?? 8080),
  dataFile: process.env.DATA_FILE ?? "data/notes.json",
  tokenFile: process.env.TOKEN_FILE ?? "data/tokens.json",
  maxBodyBytes: 64 * 1024,
  maxNotesPerOwner: 5000,
};

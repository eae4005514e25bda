import { ApiError, sendError, sendJson } from "./answers.js";
import { readBody } from "./body.js";

/** The whole API. Every call except /health needs a token; its owner is the only tenant that is touched. */
export function createRouter({ store, tokens, maxBodyBytes }) {
  return async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      if (request.method === "GET" && pathname === "/health") {
        return sendJson(response, 200, "ok");
      }
      const owner = tokens.ownerOf(request.headers.authorization);
      if (!owner) {
        throw new ApiError(401, "unauthorized", "A valid bearer token is needed.");
      }
      if (request.method === "GET" && pathname === "/notes") {
        return sendJson(response, 200, store.list(owner));
      }
      if (request.method === "POST" && pathname === "/notes") {
        return sendJson(
          response,
          201,
          await store.add(owner, await readBody(request, maxBodyBytes)),
        );
      }
      const id = /^\/notes\/(\d+)$/.exec(pathname)?.[1];
      if (request.method === "DELETE" && id) {
        await store.remove(owner, Number(id));
        return sendJson(response, 204);
      }
      throw new ApiError(404, "not_found", `No ${request.method} ${pathname}.`);
    } catch (error) {
      sendError(response, error);
    }
  };
}

/**
 * The built-in server `web`. With an endpoint it asks a SearXNG-compatible search engine; without one it searches
 * the workspace's own files and says so. Owns the answer's one shape for both: {query, results, sources, source}.
 */
import { searchWorkspace } from "../../search/workspaceSearch.ts";
import type { ToolServer } from "../toolServer.ts";
import { answer, type BuiltInTool, createBuiltInServer, type ToolAnswer } from "./builtInServer.ts";
import { askedOf, searchParameters } from "./given.ts";
import { askSearxng } from "./searxng.ts";

export interface WebOptions {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Address of a SearXNG-compatible engine, e.g. `http://127.0.0.1:8888`; absent or empty: none. */
  readonly endpoint?: string;
}

/** Makes the server. */
export function createWebServer(options: WebOptions): ToolServer {
  return createBuiltInServer("web", { search: search(options) });
}

function search(options: WebOptions): BuiltInTool {
  return {
    description:
      "Searches the web; where no search engine is set, the workspace's own files and documentation. Answers {query, results: [{title, url, snippet}], sources: [url], source, note}.",
    effects: "repeatable",
    inputSchema: searchParameters(50),
    perform: async ({ parameters: given, signal }) => {
      const asked = { ...askedOf(given), signal };
      // Read at each call: a person may set it while we run.
      const { workspace, endpoint = "" } = options;
      return endpoint === ""
        ? await fromWorkspace(workspace, asked)
        : await askSearxng(endpoint, asked);
    },
  };
}

interface Asked {
  readonly query: string;
  readonly maxResults: number;
  readonly signal: AbortSignal;
}

/** How much of a question a line has to carry to be a result; long questions are never carried whole. */
const LEAST_SCORE = 0.3;
const LEAST_SCORE_LONG = 0.2;
const LONG_QUESTION = 6;

async function fromWorkspace(
  root: string,
  { query, maxResults, signal }: Asked,
): Promise<ToolAnswer> {
  const found = await searchWorkspace({ root, query, maxResults, signal });
  const least = found.words.length > LONG_QUESTION ? LEAST_SCORE_LONG : LEAST_SCORE;
  const telling = Math.min(2, found.words.length);
  const hits = found.hits.filter((hit) => hit.score >= least && hit.matched.length >= telling);
  const results = hits.map(({ path, line, text }) => ({
    title: `${path}, line ${line}`,
    url: `${path}#L${line}`,
    snippet: text,
  }));
  const files = `${found.filesSearched} file${found.filesSearched === 1 ? "" : "s"}`;
  const outcome = results.length === 0 ? " Nothing there speaks of the question." : "";
  const note = `No web search engine is set, so only the workspace's own ${files} were searched.${outcome} Set \`searchEndpoint\` to a SearXNG address to search the web.`;
  return answer({
    query,
    results,
    sources: results.map(({ url }) => url),
    source: "workspace",
    note,
  });
}

/** An HTTP worker that goes wrong in the way that the first part of an address names. A process of its own: prints its port. */
import { createServer, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";

type Bad = (response: ServerResponse) => void;

const give = (response: ServerResponse, text: string, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(text);
};
const result = (value: unknown): string =>
  JSON.stringify({ operation_id: "1", status: "completed", result: value, confidence_score: 0.99 });

function* letters(): Generator<string> {
  const piece = "x".repeat(65_536);
  for (;;) yield piece;
}

const WELL: Bad = (response) => give(response, '{"status":"healthy"}');

const HEALTH: Readonly<Record<string, Bad>> = {
  "health-hangs": () => undefined,
  "health-fails": (response) => give(response, "{}", 500),
  "health-garbage": (response) => give(response, "<html>"),
  "health-floods": (response) => void Readable.from(letters()).pipe(response),
  "health-redirects": (response) => response.writeHead(302, { location: "?again" }).end(),
};

const WORK: Readonly<Record<string, Bad>> = {
  hangs: () => undefined,
  drips: (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 100);
    response.on("close", () => clearInterval(timer));
  },
  floods: (response) => void Readable.from(letters()).pipe(response),
  "half-json": (response) => {
    response.writeHead(200);
    response.write('{"status":"succ', () => response.destroy());
  },
  resets: (response) => response.destroy(),
  "lies-length": (response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("{");
  },
  fails: (response) => give(response, '{"error":"no"}', 500),
  "fails-loudly": (response) => {
    response.writeHead(500);
    Readable.from(letters()).pipe(response);
  },
  redirects: (response) => response.writeHead(307, { location: "?again" }).end(),
  "redirects-nowhere": (response) =>
    response.writeHead(307, { location: "http://127.0.0.1:1/x" }).end(),
  bomb: (response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    Readable.from(letters()).pipe(createGzip()).pipe(response);
  },
  "long-headers": (response) => {
    response.writeHead(200, { long: "x".repeat(300_000) });
    response.end();
  },
  "goes-on": (response) => {
    const timer = setInterval(() => response.writeContinue(), 50);
    response.on("close", () => clearInterval(timer));
  },
  nothing: (response) => give(response, ""),
  "no-json": (response) => give(response, "I would rather not."),
  "no-contract": (response) => give(response, "[1,2]"),
  deep: (response) => give(response, "[".repeat(1_000_000)),
  "wrong-data": (response) => give(response, result({ n: "x" })),
  "only-words": (response) => give(response, result("I would rather not.")),
  silence: (response) => give(response, result("")),
};

const server = createServer((request, response) => {
  const [, kind = ""] = (request.url ?? "").split("/");
  response.on("error", () => undefined);
  request.resume();
  request.on("end", () => {
    const bad = request.method === "GET" ? (HEALTH[kind] ?? WELL) : (WORK[kind] ?? WELL);
    bad(response);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) process.stdout.write(`${address.port}\n`);
});

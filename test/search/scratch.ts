/** A throw-away workspace of given files, removed when the test ends. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

export async function workspaceOf(
  t: Pick<TestContext, "after">,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "fermata-ws-")));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** A small service with facts about its limits, stores and owners planted at known lines. */
export const HARBOR: Readonly<Record<string, string>> = {
  "README.md": `# Harbor

Harbor is a service that keeps track of shipping containers.

## Getting started

Run \`npm install\`, then \`npm start\`. The server listens on port 8080.

## Public API

All endpoints live under \`/v1\`. See \`docs/\` for more.
`,
  "docs/operations.md": `# Operations

Deployments go out on Tuesdays with Helm.

## Traffic

The public API allows 100 requests per minute per key.

Counters are kept in Redis, database 3.

## On call

The platform team owns the gateway.
`,
  "src/api/gateway.ts": `import { Router } from "./router.ts";
import { authenticate } from "./auth.ts";

/** Every public request passes here. */
export function gateway(router: Router) {
  return async (request: Request) => {
    const customer = await authenticate(request.headers.get("x-api-key"));
    if (customer === undefined) return new Response("no key", { status: 401 });
    return router.handle(request, customer);
  };
}
`,
  "src/api/errors.ts": `export class TooManyRequests extends Error {
  readonly status = 429;
  readonly retryAfter = 30;
}
`,
  "src/store/counters.ts": `// Keys of the counter store expire after 60 seconds.
export const COUNTER_TTL_SECONDS = 60;
export function connect(url: string) {
  return { url, retries: 3 };
}
`,
  "test/gateway.test.ts": 'test("rejects requests without a key", () => {});\n',
};

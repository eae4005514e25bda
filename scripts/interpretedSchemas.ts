/**
 * Makes the MCP packages validate by interpreting instead of by Ajv, which compiles schemas to code at run time.
 * They choose their validator through a module of their own (`_shims`); this puts their second one, for workers, there.
 */
import type { Plugin } from "esbuild";
import { ROOT } from "./bootstrap.mjs";

const SHIMS: Readonly<Record<string, string>> = {
  client: "export const CORS_IS_POSSIBLE = false;",
  server: 'export { default as process } from "node:process";',
};

export const interpretedSchemas: Plugin = {
  name: "interpreted-schemas",
  setup(build) {
    build.onResolve({ filter: /^@modelcontextprotocol\/(client|server)\/_shims$/ }, ({ path }) => ({
      path,
      namespace: "shims",
    }));
    build.onLoad({ filter: /.*/, namespace: "shims" }, ({ path }) => {
      const side = path.split("/")[1] ?? "";
      const validator = `@modelcontextprotocol/${side}/validators/cf-worker`;
      return {
        contents: `${SHIMS[side]}\nexport { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from "${validator}";`,
        resolveDir: ROOT,
      };
    });
  },
};

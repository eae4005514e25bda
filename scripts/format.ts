/**
 * `npm run format [PATHS]`: writes the house format and import order. `npm test` only checks them.
 */
import { runTool } from "./command.ts";

const paths = process.argv.slice(2);
const result = await runTool("biome", ["check", "--write", "--linter-enabled=false", ...paths]);
process.stdout.write(result.output);
process.exitCode = result.code;

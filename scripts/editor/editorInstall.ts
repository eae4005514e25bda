/**
 * A real VS Code from npm: installs code-server into the git-ignored cache, once for the whole machine's clone.
 * Owns the version and where it lies; knows neither browsers nor workspaces.
 */
import { join } from "node:path";
import { npm, ROOT } from "../bootstrap.mjs";
import { installOnce } from "../installOnce.ts";

const VERSION = "4.139.1";
const HOME = join(ROOT, ".cache", `editor-${VERSION}`);
const PACKAGE = join(HOME, "node_modules", "code-server");

/**
 * Installs the editor where it is missing and answers the absolute path of its entry file, to be run by our own Node.
 * About a minute the first time; then at once. `say` gets one line before a long wait.
 */
export async function installEditor(say: (line: string) => void): Promise<string> {
  await installOnce({
    home: HOME,
    packages: [`code-server@${VERSION}`],
    // Its install scripts compile native modules that neither the tests nor a look around need (the terminal, loggers).
    flags: ["--ignore-scripts"],
    then: async (env) => {
      const words = ["install", "--omit=dev", "--ignore-scripts"];
      await npm(words, { cwd: join(PACKAGE, "lib", "vscode"), env });
    },
    say,
  });
  return join(PACKAGE, "out", "node", "entry.js");
}

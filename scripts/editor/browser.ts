/**
 * Finds a Chromium or Chrome on this machine, and installs one where a machine without a person allows it.
 * Knows where browsers lie; not what they are for.
 */
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { installPackage, isProgram, mayInstall } from "../systemProgram.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/** The absolute path of a browser: `FERMATA_BROWSER`, one on the PATH, a well-known place, or Playwright's own. */
export function findBrowser(): string | undefined {
  const named = process.env.FERMATA_BROWSER;
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const candidates = [named, ...onPath, ...(PLACES[process.platform] ?? []), playwrightsOwn()];
  return candidates.find((path) => path !== undefined && path !== "" && isProgram(path));
}

/**
 * As `findBrowser`; where none is found, installs the distribution's Chromium if we are root on a machine with apt.
 * Throws with the next move otherwise.
 */
export function installBrowser(say: (line: string) => void): string {
  const found = findBrowser();
  if (found) {
    return found;
  }
  if (mayInstall()) {
    say("no Chromium or Chrome found; installing Debian's (apt-get install chromium)");
    const failed = installPackage("chromium");
    if (failed !== undefined) throw new Error(failed);
  }
  const installed = findBrowser();
  if (!installed) {
    throw new Error(
      "no Chromium or Chrome was found; install one, run `npx playwright-core install chromium`, " +
        "or set FERMATA_BROWSER to its path",
    );
  }
  return installed;
}

function playwrightsOwn(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

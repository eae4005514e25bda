/** A secret that is easy to find in every form in which programs print it, and the look for it. */
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export const CANARY = 'c4n@ry "bird"/+~7Zq';

export const FORMS: readonly string[] = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  new URLSearchParams({ q: CANARY }).toString().slice(2),
  Buffer.from(CANARY).toString("base64").slice(0, -4),
  Buffer.from(`u:${CANARY}`).toString("base64").slice(4, -4),
  Buffer.from(`us:${CANARY}`).toString("base64").slice(4, -4),
  CANARY.slice(0, 12),
  CANARY.slice(-12),
];

/** All that a program may print of a secret, and a word that is none. */
export function printed(secret: string): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return [
    "NOT-A-SECRET",
    secret,
    JSON.stringify({ secret }),
    JSON.stringify(JSON.stringify(secret)),
    encodeURIComponent(secret),
    String(new URLSearchParams({ secret })),
    ...[base64(secret), base64(`u:${secret}`), base64(`us:${secret}`)],
  ].join(" | ");
}

/** Every file under a folder with its text, byte for byte. */
export async function texts(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names = await readdir(folder, { recursive: true });
  const files: (readonly [string, string])[] = [];
  for (const name of names) {
    const file = join(folder, name);
    if ((await stat(file)).isFile()) files.push([name, await readFile(file, "latin1")]);
  }
  return files;
}

/** Fails where a text holds the canary in any form; bytes read as latin1 are found, too. */
export function assertNowhere(where: string, text: string): void {
  for (const form of FORMS) {
    const at = text.indexOf(Buffer.from(form).toString("latin1"));
    assert.ok(
      at < 0 && !text.includes(form),
      `${where} holds ${form}: ${text.slice(Math.max(0, at - 60), at + 60)}`,
    );
  }
}

import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

/** Tokens are kept as SHA-256 only: { [hash]: owner }. */
export async function openTokens(file) {
  const owners = JSON.parse(await readFile(file, "utf8").catch(() => "{}"));
  return {
    ownerOf: (header) => {
      const token = /^Bearer (\S+)$/.exec(header ?? "")?.[1];
      return token ? owners[hashOf(token)] : undefined;
    },
    create: async (owner) => {
      const token = randomBytes(24).toString("base64url");
      owners[hashOf(token)] = owner;
      await writeFile(file, JSON.stringify(owners));
      return token;
    },
  };
}

function hashOf(token) {
  return createHash("sha256").update(token).digest("hex");
}

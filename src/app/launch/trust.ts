/** Which folders the person trusts, as recorded in the user's own state folder: one line a folder's real path. */
import type { Files } from "../files.ts";

export interface TrustRecord {
  isTrusted(): boolean;
  trust(): Promise<void>;
}

/** The recorded word for one folder. `file` is shared by all folders; `folder` is a real path. */
export async function openTrust(files: Files, file: string, folder: string): Promise<TrustRecord> {
  let trusted = lines(await files.readText(file)).includes(folder);
  return {
    isTrusted: () => trusted,
    trust: async () => {
      if (trusted) return;
      const known = lines(await files.readText(file));
      if (!known.includes(folder))
        await files.writeText(file, `${[...known, folder].join("\n")}\n`);
      trusted = true;
    },
  };
}

function lines(text: string | undefined): readonly string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}

/** A folder's workflows may run commands: a person says yes once, or nothing runs there. */
import { EXIT } from "../exitCode.ts";
import { Problem } from "../problem.ts";
import { commandLine, type DrivingVerb } from "./programName.ts";
import type { Session } from "./session.ts";

/**
 * Returns once the folder is trusted; asks where there is a terminal. Throws a `Problem` otherwise, which names the command that
 * was given, its options left out: `verb` with `words`.
 */
export async function ensureTrusted(
  session: Session,
  verb: DrivingVerb,
  ...words: readonly string[]
): Promise<void> {
  const { app, terminal, call } = session;
  if (app.isTrusted()) return;
  const again = `Look through its workflows first, then add --trust: ${commandLine({ ...call, trusting: true }, verb, ...words)}`;
  const refusal = `The folder ${app.workspace} is not trusted, so nothing may run there.`;
  if (!terminal.interactive) throw new Problem(refusal, EXIT.untrusted, [again]);
  const { confirmTrust } = await import("../prompts/confirmTrust.ts");
  if (!(await confirmTrust(app.workspace))) throw new Problem(refusal, EXIT.untrusted, [again]);
  await app.trust();
}

/** Which of the host's environment variables a command gets to see: a short list, because the rest may be secret. */

const NAMES: ReadonlySet<string> = new Set([
  ...["PATH", "HOME", "LANG", "LANGUAGE", "TMPDIR", "USER", "LOGNAME", "SHELL", "TERM", "TZ"],
  ...["PATHEXT", "SYSTEMROOT", "WINDIR", "COMSPEC", "TEMP", "TMP", "USERPROFILE", "USERNAME"],
  ...["HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES"],
  ...["PROGRAMFILES(X86)", "SYSTEMDRIVE", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"],
]);
const FAMILIES = /^(LC_|XDG_)/;
/** Where people keep secrets for Fermata: they are given by reference only. */
const SECRET = /^FERMATA_SECRET_/i;

/** The allowed part of a host's environment: what every program needs, and the names a person added. */
export function allowedEnvironment(
  host: Readonly<Record<string, string | undefined>>,
  added: readonly string[] = [],
): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    // Windows does not tell upper case from lower.
    const known = NAMES.has(process.platform === "win32" ? name.toUpperCase() : name);
    const taken = known || FAMILIES.test(name) || (added.includes(name) && !SECRET.test(name));
    if (taken && value !== undefined) allowed[name] = value;
  }
  return allowed;
}

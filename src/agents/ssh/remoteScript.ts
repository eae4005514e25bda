/**
 * The other end of the line: a POSIX shell that runs a program on the other machine for as long as the connection lives.
 * Owns that script and the form in which input travels to it. Pure; knows neither ssh nor agents.
 */
import { quoteForShell } from "../../util/shellQuote.ts";
import type { Framing } from "../cli/cliAgent.ts";

/** What the shell prints, alone on a line, once the program is about to start. */
export const BEGAN = "fermata: began";
/** What it ends with when the folder is not there. */
export const NO_FOLDER = 125;
/** What a shell ends with when there is no such program. */
export const NO_PROGRAM = 127;

/**
 * Reads `X NAME=value` for the environment until `S`, then starts the program in a group of its own. `D` is a line of its
 * input, `P` a part of one, `E` the input's end. When the connection ends, its input here ends, and the group is asked to
 * stop and then killed: nothing depends on a signal coming through. What the program leaves behind ends with it.
 */
const SCRIPT = `
cd -- "$1" || exit ${NO_FOLDER}
shift
while IFS= read -r l; do
  case $l in
    X*) export "\${l#X}" ;;
    S) break ;;
  esac
done
[ "$l" = S ] || exit 1
d=$(mktemp -d) && mkfifo "$d/in" || exit 1
exec 3<&0 </dev/null
trap "" HUP
if command -v setsid >/dev/null 2>&1; then s=setsid; else s=; set -m; fi
echo "${BEGAN}"
$s "$@" <"$d/in" 3<&- &
p=$!
set +m
exec 4>"$d/in"
rm -rf "$d"
alive() { kill -s 0 -- "-$p" 2>/dev/null; }
sweep() {
  kill -s TERM -- "-$p" 2>/dev/null
  n=0
  while alive && [ $n -lt $1 ]; do sleep 0.1; n=$((n + 1)); done
  kill -s KILL -- "-$p" 2>/dev/null
}
feed() {
  cd /
  trap "" PIPE
  while IFS= read -r l; do
    case $l in
      D*) printf "%s\\n" "\${l#D}" >&4 ;;
      P*) printf "%s" "\${l#P}" >&4 ;;
      E) exec 4>&- ;;
    esac
  done <&3 2>/dev/null
  sweep 30
}
feed >/dev/null 2>&1 &
f=$!
exec 3<&- 4>&-
wait $p
c=$?
sweep 10
kill -s KILL $f 2>/dev/null
exit $c
`.trim();

/** Looks for folder and program, and starts nothing. Ends as the script above does where one is not there. */
const LOOK = `
cd -- "$1" || exit ${NO_FOLDER}
[ -z "$3" ] || PATH=$3
command -v "$2" >/dev/null || { echo "$2: not found" >&2; exit ${NO_PROGRAM}; }
`.trim();

/** The command line for the login shell of the other machine. An empty folder is the one where a login begins. */
export function remoteCommand(folder: string, command: readonly string[]): string {
  return inShell(SCRIPT, folder, command);
}

/** The command line that tells whether an agent could begin there. `path`: its own PATH; empty: that of the login. */
export function lookCommand(folder: string, program: string, path: string): string {
  return inShell(LOOK, folder, [program, path]);
}

function inShell(script: string, folder: string, words: readonly string[]): string {
  const all = ["/bin/sh", "-c", script, "fermata", folder === "" ? "." : folder, ...words];
  return `exec ${all.map(quoteForShell).join(" ")}`;
}

/** What is said first: the environment of the program. No value may hold a line break. */
export function preamble(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(([name, value]) => `X${name}=${value}\n`);
  return `${lines.join("")}S\n`;
}

/** Input as the shell reads it. */
export function remoteFraming(environment: Readonly<Record<string, string>>): Framing {
  let first = preamble(environment);
  return {
    write: (text) => {
      const lines = text.split("\n");
      const last = lines.pop() ?? "";
      const framed = lines.map((line) => `D${line}\n`).join("") + (last === "" ? "" : `P${last}\n`);
      const whole = first + framed;
      first = "";
      return whole;
    },
    end: "E\n",
  };
}

/**
 * A program on another machine as an agent: the profile of a local one, its process reached through the person's own ssh.
 * Owns how ssh is called and what its end means. Keys, aliases and jumps are the person's ssh configuration's.
 */
import { allowedEnvironment } from "../../process/environment.ts";
import type { CommandResult } from "../../process/run.ts";
import { type Failure, failure } from "../../run/failure.ts";
import { numberOf, type Opening, textOf, textsOf, wordsOf } from "../adapter.ts";
import type { Agent } from "../agent.ts";
import { failed } from "../answer.ts";
import { claudeProfile } from "../cli/claude/claude.ts";
import { type CliProfile, createCliAgent, type TurnReader } from "../cli/cliAgent.ts";
import { codexProfile } from "../cli/codex/codex.ts";
import { commandProfile } from "../cli/command.ts";
import { lastWords } from "../program/processEnd.ts";
import { BEGAN, NO_FOLDER, NO_PROGRAM, remoteCommand, remoteFraming } from "./remoteScript.ts";

/** Time for the other machine to end what works there, so that here nobody goes on before; a kill comes after it. */
const THERE_MS = 4000;

/** What ssh itself ends with. */
const SSH_FAILED = 255;

export const PROFILES = ["claude", "codex", "command"] as const;

/** An agent that runs a program once a prompt on the machine that its settings name. */
export function createSshAgent(opening: Opening): Agent {
  const inner = profileOf(opening);
  const host = textOf(opening.definition, "host") ?? "";
  const title = `${inner.title} on ${host}`;
  const profile: CliProfile = {
    ...inner,
    kind: "ssh",
    title,
    install: "Install OpenSSH's client here, or name another program: ssh_command.",
    start: async (prompt, context) => {
      const start = await inner.start(prompt, context);
      const own = Object.entries(start.env).filter(([name]) => name.startsWith("FERMATA_"));
      const environment = {
        ...Object.fromEntries(own),
        ...textsOf(opening.definition, "environment"),
      };
      return {
        ...start,
        command: [...sshCommand(opening), remoteCommand(folderOf(opening), start.command)],
        env: allowedEnvironment(opening.environment, ["SSH_AUTH_SOCK", "SSH_ASKPASS"]),
        framing: remoteFraming(environment),
        inputGraceMs: THERE_MS,
      };
    },
    read: (context, talk) => readRemote(inner.read(context, talk), { title, host, inner }),
  };
  return createCliAgent(profile, opening);
}

/** ssh up to the command: no question, no terminal, no stranger, nothing forwarded; a dead line is noticed. */
export function sshCommand({ definition }: Pick<Opening, "definition">): readonly string[] {
  const program = wordsOf(definition, "ssh_command");
  const port = numberOf(definition, "port");
  const options = [
    ...["BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=10"],
    ...["ServerAliveInterval=5", "ServerAliveCountMax=3"],
    ...["ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no"],
    ...["ControlMaster=no", "ControlPath=none", "RequestTTY=no"],
  ];
  return [
    ...(program.length > 0 ? program : ["ssh"]),
    ...options.flatMap((option) => ["-o", option]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "--",
    textOf(definition, "host") ?? "",
  ];
}

function profileOf(opening: Opening): CliProfile {
  const elsewhere = { elsewhere: true } as const;
  switch (textOf(opening.definition, "profile") ?? "claude") {
    case "codex":
      return codexProfile(opening, elsewhere);
    case "command":
      return commandProfile(opening);
    default:
      return claudeProfile(opening, elsewhere);
  }
}

/** A folder under `~` is one that a login begins above. */
export function folderOf({ definition }: Pick<Opening, "definition">): string {
  return (textOf(definition, "folder") ?? "").replace(/^~\/?/, "");
}

interface Remote {
  readonly title: string;
  readonly host: string;
  readonly inner: Pick<CliProfile, "effects">;
}

function readRemote(reader: TurnReader, { title, host, inner }: Remote): TurnReader {
  let began = false;
  return {
    line: (text) => {
      if (began) reader.line(text);
      else if (text === BEGAN) began = true;
    },
    began: () => began && reader.began(),
    outcome: (prompt, result) => {
      const stdout = result.stdout.slice(result.stdout.indexOf(BEGAN) + BEGAN.length + 1);
      const said = began ? reader.outcome(prompt, { ...result, stdout }) : undefined;
      if (said?.type === "completed" || result.stopped) return said;
      if (result.exitCode === SSH_FAILED) {
        if (!began) return failed(unreached(host, lastWords(result)));
        const lost = lineLost(title, lastWords(result));
        return inner.effects === "once" ? { type: "unknown", failure: lost } : failed(lost);
      }
      // The folder is looked for before the program begins; that there is no program shows when it should.
      const missing = notThere(host, result);
      const looked = began ? NO_PROGRAM : NO_FOLDER;
      return missing !== undefined && result.exitCode === looked ? failed(missing) : said;
    },
  };
}

/** Why ssh came to nothing, by its own words; nothing has happened on the other machine. */
export function unreached(host: string, last: string): Failure {
  const detail = { host, last };
  if (
    /host key verification failed|no .* host key is known|host identification has changed/i.test(
      last,
    )
  ) {
    const message = `The host key of ${host} is unknown or has changed, so nothing was sent. Connect once by hand (ssh ${host}), compare the key, and try again.`;
    return failure("agent_unavailable", message, detail);
  }
  if (/permission denied|no supported authentication|too many authentication/i.test(last)) {
    const message = `${host} let nobody in: ${last} Set up a key that needs no question, in an agent or in your ssh configuration, so that ssh ${host} asks nothing.`;
    return failure("agent_unavailable", message, detail);
  }
  const message = `${host} was not reached: ${last || "ssh said nothing."} Try ssh ${host} by hand.`;
  return failure("network", message, detail);
}

function lineLost(title: string, last: string): Failure {
  const message = `The connection to ${title} was lost in the middle of its work, which is ended there: ${last}`;
  return failure("network", message, { last });
}

/** What the end of the other machine's shell says is not there; undefined when it says neither. */
export function notThere(host: string, result: CommandResult): Failure | undefined {
  const { exitCode } = result;
  if (exitCode === NO_FOLDER) return noFolder(host, lastWords(result));
  return exitCode === NO_PROGRAM ? noProgram(host, lastWords(result)) : undefined;
}

function noFolder(host: string, last: string): Failure {
  const message = `The folder is not there on ${host}: ${last} Correct folder in the agent's settings.`;
  return failure("agent_unavailable", message, { host, last });
}

function noProgram(host: string, last: string): Failure {
  const message = `The program was not found on ${host}: ${last} A shell without a terminal may have a shorter PATH there: name the program with its whole path in command, or set PATH in environment.`;
  return failure("agent_unavailable", message, { host, last });
}

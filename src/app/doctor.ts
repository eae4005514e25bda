/** What `doctor` says: every part that a run needs, looked at once, with the fix for what is wrong. */
import type { WorkerInfo } from "../activities/worker/workers.ts";
import type { AgentFinding } from "../agents/adapter.ts";
import type { Room } from "../journal/machine/room.ts";
import type { ServerState } from "../mcp/toolServer.ts";
import { storageHealth } from "../views/machine/health.ts";
import { type FileDiagnostic, formatPosition } from "../workflow/diagnostic.ts";
import type { Finding } from "./app.ts";
import type { SettingsProblem } from "./launch/settings.ts";
import type { ShellPath } from "./machine/searchPath.ts";

/** What was looked at. */
export interface Examined {
  readonly node: string;
  readonly workspace: string;
  readonly stateFolder: string;
  readonly trusted: boolean;
  /** Whether runs can be kept, and how much room there is for them. */
  readonly room: Room;
  /** What the login shell's PATH is beside the host's own; absent where the host's is the one to use. */
  readonly shellPath: ShellPath | undefined;
  readonly settingsProblems: readonly SettingsProblem[];
  readonly agents: readonly AgentFinding[];
  readonly servers: readonly ServerState[];
  /** Asked how they are, where that is allowed. */
  readonly workers: readonly WorkerInfo[];
  /** Of the files that configure the servers. */
  readonly serverProblems: readonly FileDiagnostic[];
  /** Why the file of secrets is not read. */
  readonly secretsProblem: string | undefined;
  /** Where else they are set, as an order: "put it into FILE". */
  readonly secretsPlace: string;
  /** Secrets that nobody has set, each with the templates that name it. */
  readonly missingSecrets: ReadonlyMap<string, readonly string[]>;
  readonly templates: number;
  readonly brokenTemplates: readonly { readonly file: string; readonly problem: string }[];
}

/** The findings, in the order in which a person would mend them. */
export function findings(seen: Examined): readonly Finding[] {
  return [
    { about: "Node", status: "ok", message: `Running on Node ${seen.node}.` },
    trust(seen),
    storage(seen),
    ...(seen.shellPath ? [searchPath(seen.shellPath)] : []),
    ...seen.settingsProblems.map(({ file, message }) => ({
      about: "Settings",
      status: "problem" as const,
      message: `${file}: ${message}`,
      fix: `Open ${file} and correct it.`,
    })),
    ...seen.agents.map(agentFinding),
    ...seen.servers.map((state) => serverFinding(state, seen.trusted)),
    ...seen.workers.map(workerFinding),
    ...seen.serverProblems.filter(isNobodys(seen.servers)).map(configProblem),
    ...secrets(seen),
    templates(seen),
    ...seen.brokenTemplates.map(({ file, problem }) => ({
      about: "Template",
      status: "problem" as const,
      message: `${file}:${problem}`,
      fix: "Correct it, then validate it.",
    })),
  ];
}

function trust({ trusted, workspace }: Examined): Finding {
  if (trusted) return { about: "Trust", status: "ok", message: `${workspace} is trusted.` };
  return {
    about: "Trust",
    status: "warning",
    message: `${workspace} is not trusted: nothing may run there.`,
    fix: "Look through its workflows, then trust it: with --trust in the terminal, or Manage Workspace Trust in the editor.",
  };
}

function storage({ stateFolder: folder, room }: Examined): Finding {
  const { figures: _, ...found } = storageHealth({ folder, ...room });
  if (found.status !== "ok") return found;
  return { ...found, message: `Runs are kept in ${folder}.` };
}

function searchPath(seen: ShellPath): Finding {
  const about = "PATH";
  switch (seen.outcome) {
    case "same":
      return { about, status: "ok", message: `That of the login shell, ${seen.shell}.` };
    case "differs":
      return {
        about,
        status: "ok",
        message: `The login shell, ${seen.shell}, has folders that Fermata was started without: ${seen.added.join(", ")}. Agents and tools are looked for there, too.`,
      };
    case "silent":
      return {
        about,
        status: "warning",
        message: `The login shell, ${seen.shell}, did not tell its PATH within ${seen.waited / 1000} s: programs are looked for without it.`,
        fix: "See what the shell's profile waits for, or start the editor from a terminal.",
      };
  }
}

/** What was found of the agents, as `doctor` and `health` say it. */
export function agentFinding({ severity, message, fix }: AgentFinding): Finding {
  const status = severity === "error" ? "problem" : severity;
  return { about: "Agents", status, message, ...(fix === undefined ? {} : { fix }) };
}

/** How a tool server fares, as `doctor` and `health` say it. */
export function serverFinding(
  { name, origin, status, replacesBuiltIn }: ServerState,
  trusted: boolean,
): Finding {
  const about = `Tools ${name}`;
  if (status.status === "failed") {
    return {
      about,
      status: "problem",
      message: status.failure.message,
      fix: `Correct its entry in ${origin}.`,
    };
  }
  if (trusted && status.status === "connecting") {
    return {
      about,
      status: "warning",
      message: `${origin}: it has not answered yet.`,
      fix: "The first start may download it. Look again in a while.",
    };
  }
  if (replacesBuiltIn) {
    return {
      about,
      status: "warning",
      message: `${origin} replaces the built-in server.`,
      fix: "Rename it if you want both.",
    };
  }
  return { about, status: "ok", message: `${origin}: ${status.status}.` };
}

/** How a worker of the settings fares. */
export function workerFinding({ name, url = "", says, problem }: WorkerInfo): Finding {
  const about = `Worker ${name}`;
  if (problem === undefined) {
    const message = says === undefined ? `${url}: not asked.` : `${url}: ${says}.`;
    return { about, status: says === "degraded" ? "warning" : "ok", message };
  }
  const fix = "Start it, or correct its address under `workers` in the settings.";
  return { about, status: "problem", message: url === "" ? problem : `${url}: ${problem}`, fix };
}

/** An entry that is wrong is told as the state of its server. */
function isNobodys(servers: readonly ServerState[]) {
  const told = servers.flatMap(({ status }) =>
    status.status === "failed" ? [status.failure.message] : [],
  );
  return ({ message }: FileDiagnostic): boolean => !told.some((text) => text.includes(message));
}

function configProblem({ fileName, range, severity, message }: FileDiagnostic): Finding {
  return {
    about: "Tools",
    status: severity === "error" ? "problem" : "warning",
    message: `${formatPosition(fileName, range.start)}: ${message}`,
    fix: `Correct ${fileName}.`,
  };
}

function secrets({ secretsProblem, missingSecrets, secretsPlace }: Examined): readonly Finding[] {
  const problem = secretsProblem === undefined ? [] : [secretsProblem];
  return [
    ...problem.map((message) => ({
      about: "Secrets",
      status: "problem" as const,
      message,
      fix: "Correct the file, or use variables FERMATA_SECRET_NAME instead.",
    })),
    ...[...missingSecrets].map(([secret, names]) => ({
      about: "Secrets",
      status: "warning" as const,
      message: `${secret} is not set; needed by ${names.join(", ")}.`,
      fix: `Set the variable FERMATA_SECRET_${secret}, or ${secretsPlace}.`,
    })),
  ];
}

function templates({ templates: count }: Examined): Finding {
  return { about: "Templates", status: "ok", message: `${count} in the catalogue.` };
}

/**
 * An SSH server of this machine's own OpenSSH on a free port of 127.0.0.1, with keys of its own; and, for machines without
 * one, a stand-in for the ssh client that runs what it is given here. Owns both; touches nobody's ssh configuration.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { findProgram, getProgram } from "../../../scripts/systemProgram.ts";
import { until } from "../../process/until.ts";
import { scratch } from "../attempt.ts";

/** What an agent's settings say to reach the machine. */
export interface Line {
  readonly host: string;
  readonly ssh_command: readonly string[];
}

export interface Server extends Line {
  /** The same machine, whose key nobody has looked at. */
  readonly stranger: Line;
  /** Cuts every connection, as a network does. */
  readonly cut: () => void;
}

/**
 * Why there is no real server here; false when there is. Where everything is checked it is got: elsewhere nobody wants a
 * server on their machine for a test.
 */
export function noServer(): string | false {
  const found = process.env.CI ? getProgram("sshd", "openssh-server") : findProgram("sshd");
  return found === undefined ? "OpenSSH's server (sshd) is not installed" : false;
}

/** Starts a server that lets this user in, and stops it after the test. */
export async function startServer(test: TestContext): Promise<Server> {
  const folder = await scratch(test);
  const file = (name: string) => join(folder, name);
  for (const key of ["host", "user"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(key)]);
  execFileSync("cp", [file("user.pub"), file("authorized")]);
  const port = await freePort();
  writeFileSync(
    file("server"),
    [
      `ListenAddress 127.0.0.1`,
      `Port ${port}`,
      `HostKey ${file("host")}`,
      `AuthorizedKeysFile ${file("authorized")}`,
      ...["StrictModes no", "UsePAM no", "PidFile none", "PasswordAuthentication no"],
      ...["KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password"],
      // What this machine's own shells do when they begin is not what is tested.
      `SetEnv HOME=${folder}`,
    ].join("\n"),
  );
  // Where a service would have made it.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const server = spawn(findProgram("sshd") ?? "", ["-D", "-e", "-f", file("server")], {
    stdio: "pipe",
  });
  let said = "";
  server.stderr?.on("data", (text) => {
    said += text;
  });
  test.after(() => stopServer(server));
  await until(
    "the server",
    () => said.includes("Server listening") || server.exitCode !== null,
    20_000,
  );
  if (server.exitCode !== null) throw new Error(`sshd ended: ${said}`);
  const [kind, key] = execFileSync("cat", [file("host.pub")], { encoding: "utf8" }).split(" ");
  writeFileSync(file("known"), `[127.0.0.1]:${port} ${kind} ${key}\n`);
  writeFileSync(file("nobody"), "");
  const line = (known: string): Line => {
    const config = [
      ...["Host box", "HostName 127.0.0.1", `Port ${port}`, `User ${userInfo().username}`],
      ...[`IdentityFile ${file("user")}`, "IdentitiesOnly yes", "IdentityAgent none"],
      ...[`UserKnownHostsFile ${file(known)}`, "GlobalKnownHostsFile none"],
    ];
    writeFileSync(file(`${known}.config`), `${config.join("\n")}\n`);
    return { host: "box", ssh_command: ["ssh", "-F", file(`${known}.config`)] };
  };
  const cut = () => {
    for (const pid of sessionsOf(server.pid ?? -1)) process.kill(pid, "SIGKILL");
  };
  return { ...line("known"), stranger: line("nobody"), cut };
}

/** A program that is called like ssh and runs the command here, as the shell of a login would. */
export async function startStandIn(test: TestContext): Promise<Line> {
  const script = `while [ "$1" != -- ]; do shift; done; cd /; exec /bin/sh -c "$3"`;
  const folder = await scratch(test, { "ssh.sh": script });
  return { host: "box", ssh_command: ["/bin/sh", join(folder, "ssh.sh")] };
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill();
  await ended;
}

/** The server's own processes for connections: its children, and theirs that are still the server. */
function sessionsOf(server: number): readonly number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , name = ""]) => name.startsWith("sshd"));
  const under = (parent: number): readonly number[] =>
    rows
      .filter(([, above]) => Number(above) === parent)
      .flatMap(([pid]) => [Number(pid), ...under(Number(pid))]);
  return under(server);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

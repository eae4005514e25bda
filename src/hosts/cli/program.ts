/**
 * The commands of `fermata` and what each takes. A table: the work of a command is loaded when it is called.
 * Owns names, options and help.
 */
import { Command } from "commander";
import { closest } from "../../workflow/closest.ts";
import type { ServeApp } from "./commands/mcp.ts";
import type { ExitCode } from "./exitCode.ts";
import { EXAMPLES, helpFooter } from "./help.ts";

export interface ProgramPorts {
  /** How this program is called here, in one text. */
  readonly name: string;
  readonly version: string;
  /** Takes the number that a command ends with. */
  readonly end: (code: ExitCode) => void;
  /** Another host that this program starts. */
  readonly serveMcp: ServeApp;
}

/** The program, ready to parse. Parsing runs the command that was called. */
export function createProgram(ports: ProgramPorts): Command {
  const { name } = ports;
  const program: Command = new Command("fermata")
    .description("Durable workflows of agents, tools and questions.")
    .version(ports.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .usage("COMMAND [options]")
    .option("-w, --workspace <DIR>", "the folder to work in (default: the current one)")
    .option("--trust", "trust the folder for this command")
    .option("--json", "print JSON, one object a line, for programs")
    .configureHelp({ subcommandTerm, showGlobalOptions: true })
    .addHelpText("after", helpFooter(name))
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, "fermata:")),
    })
    .showSuggestionAfterError(true)
    .hook("preAction", (_, command) => {
      for (const [key, value] of Object.entries(program.opts())) command.setOptionValue(key, value);
    })
    .exitOverride();
  const add = (usage: string, about: string): Command => {
    const [first = ""] = usage.split(" ");
    const command = program
      .command(usage)
      .description(about)
      .showHelpAfterError(`Help: ${name} help ${first}`)
      .exitOverride();
    const examples = EXAMPLES[first];
    return examples === undefined ? command : command.addHelpText("after", examples(name));
  };
  addStarting(add, ports);
  addLooking(add, ports);
  addSteering(add, ports);
  addKeeping(add, ports);
  addOthers(add, ports);
  return program;
}

/** A command with what it takes, without the word "options" in every line. */
function subcommandTerm(command: Command): string {
  const takes = command.registeredArguments.map((argument) => {
    const term = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? term : `[${term}]`;
  });
  return [command.name(), ...takes].join(" ");
}

type Add = (usage: string, about: string) => Command;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

function addStarting(add: Add, { end }: ProgramPorts): void {
  add("run [FILE|NAME]", "Start a workflow and stay with it")
    .option(
      "-i, --input <name=value>",
      "an input; name=@file reads a file; may be repeated",
      collect,
    )
    .option("--inputs <FILE>", "inputs as a JSON object")
    .option(
      "--answers <FILE>",
      "answers to the run's questions, as YAML or JSON; recorded as a policy",
    )
    .action(async (name, options) =>
      end(await (await import("./commands/run.ts")).runCommand(name, options)),
    );
  add("list", "The workflows that can run here").action(async (options) =>
    end(await (await import("./commands/templates.ts")).listCommand(options)),
  );
  add("validate <FILE|NAME...>", "Check workflow files without running them")
    .option("--fix", "mend what has one sure way to be mended, and write the files")
    .action(async (names, options) =>
      end(await (await import("./commands/templates.ts")).validateCommand(names, options)),
    );
  add("migrate <FILE|NAME...>", "Show what today's language makes of files of the older dialect")
    .option("--write", "write the files instead")
    .action(async (names, options) =>
      end(await (await import("./commands/templates.ts")).migrateCommand(names, options)),
    );
}

function addLooking(add: Add, { end }: ProgramPorts): void {
  add("runs", "The runs of this folder, latest first")
    .option("-q, --query <TEXT>", "only those that fit: words, and fields such as status:failed")
    .option("-n, --limit <N>", "at most so many, the latest")
    .action(async (options) =>
      end(await (await import("./commands/looking/runs.ts")).runsCommand(options)),
    );
  add("stats", "Times, failures and costs of many runs, by kind of step")
    .option("-q, --query <TEXT>", "only of the runs that fit; see: help runs")
    .option("--since <WHEN>", "only of the runs begun then or later: 7d, yesterday, 2026-11-01")
    .action(async (options) =>
      end(await (await import("./commands/looking/stats.ts")).statsCommand(options)),
    );
  add("show <RUN>", "One run, step by step, and what it asks")
    .option("-f, --follow", "stay with it until it rests")
    .action(async (run, options) =>
      end(await (await import("./commands/looking/runs.ts")).showCommand(run, options)),
    );
  add("output <RUN> <PATH>", "What one task said: its transcript").action(
    async (run, path, options) =>
      end(await (await import("./commands/looking/records.ts")).outputCommand(run, path, options)),
  );
  add("gate <RUN|FILE> [STEP]", "Run a step's gates alone, and show their evidence")
    .option("-i, --input <name=value>", "an input of the file; may be repeated", collect)
    .option("--inputs <FILE>", "inputs of the file as a JSON object")
    .option("--output <FILE>", "what the step of the file gave, for gates over its output")
    .action(async (wanted, step, options) =>
      end(await (await import("./commands/looking/gate.ts")).gateCommand(wanted, step, options)),
    );
  add("export <RUN>", "A run as one JSON object: its events, transcripts and state hash")
    .option("--to <FILE>", "write it there instead of printing it")
    .action(async (run, options) =>
      end(await (await import("./commands/looking/records.ts")).exportCommand(run, options)),
    );
}

function addKeeping(add: Add, { end }: ProgramPorts): void {
  add("archive <RUN> [FILE]", "Put a run into one file, with its output").action(
    async (run, file, options) =>
      end(await (await import("./commands/keeping.ts")).archiveCommand(run, file, options)),
  );
  add("restore <FILE>", "Bring an archived run back").action(async (file, options) =>
    end(await (await import("./commands/keeping.ts")).restoreCommand(file, options)),
  );
  add("prune", "Remove finished runs that are old, many or large")
    .option("--max-age <SPAN>", "those that ended longer ago: 90d, 12w")
    .option("--max-runs <N>", "the oldest, until N runs are left")
    .option("--max-size <SIZE>", "the oldest, until all take less: 500MB, 2GB")
    .option("-n, --dry-run", "only say which ones")
    .action(async (options) =>
      end(await (await import("./commands/keeping.ts")).pruneCommand(options)),
    );
}

function addSteering(add: Add, { end }: ProgramPorts): void {
  add("answer <RUN> [BREAKPOINT] [VALUE...]", "Answer what a run asks")
    .option("--approve", "approve the plan, or say yes")
    .option("--shown <HASH>", "the hash of what you saw; needed to approve a plan")
    .option("--reject [REASON]", "reject the plan, or say no")
    .option("--comment <LINE:TEXT>", "ask for a change; may be repeated", collect)
    .option("--plan <FILE>", "approve the plan as edited in this file")
    .option("--drop <N>", "approve without the plan's item N, from 1; may be repeated", collect)
    .option("--edit <FILE>", "answer an escalation with the result in this file")
    .option("--retry [GUIDANCE]", "answer an escalation with another iteration")
    .option(
      "--reroute <@AGENT>",
      "answer an escalation with another agent; --retry says what to it",
    )
    .option("-f, --follow", "drive the run on from here")
    .action(async (run, breakpoint, values, options) =>
      end(
        await (await import("./commands/answer.ts")).answerCommand(
          run,
          breakpoint,
          values,
          options,
        ),
      ),
    );
  add("escalations", "List what waits for a person's decision, the most urgent first").action(
    async (options) =>
      end(await (await import("./commands/escalations.ts")).escalationsCommand(options)),
  );
  add("claim <RUN> <BREAKPOINT>", "Take on a question, so that others leave it to you")
    .option("--release", "give it back")
    .action(async (run, breakpoint, options) =>
      end(await (await import("./commands/escalations.ts")).claimCommand(run, breakpoint, options)),
    );
  add("signal <RUN> <NAME> [JSON]", "Send a named signal that a run waits for").action(
    async (run, name, payload, options) =>
      end(await (await import("./commands/steer.ts")).signalCommand(run, name, payload, options)),
  );
  add("set <RUN> <FIELD=VALUE...>", "Write state fields of a run by hand; recorded with who did")
    .option("--at <PATH>", "the state of an item or sub-workflow instead of the run's own")
    .action(async (run, words, options) =>
      end(await (await import("./commands/steer.ts")).setCommand(run, words, options)),
    );
  add("pause <RUN>", "Start nothing new; what runs now is finished").action(async (run, options) =>
    end(await (await import("./commands/steer.ts")).pauseCommand(run, options)),
  );
  add("resume <RUN>", "Go on with a run that is paused, waits or was interrupted")
    .option("--take-over", "take it from a process on another machine that you know is gone")
    .option("--answers <FILE>", "answers to the run's questions, as YAML or JSON")
    .option("-f, --follow", "stay with it even when another process drives it")
    .action(async (run, options) =>
      end(await (await import("./commands/resume.ts")).resumeCommand(run, options)),
    );
  add("retry <RUN> [PATH]", "Put what failed back to work: one task, or all of them")
    .option("-f, --follow", "stay with it even when another process drives it")
    .action(async (run, path, options) =>
      end(await (await import("./commands/resume.ts")).retryCommand(run, path, options)),
    );
  add("guide <RUN> <PATH> <TEXT>", "Tell an agent something: another attempt of its task begins")
    .option("-f, --follow", "stay with it even when another process drives it")
    .action(async (run, path, text, options) =>
      end(await (await import("./commands/resume.ts")).guideCommand(run, path, text, options)),
    );
  add("stop <RUN> <PATH>", "Stop what one task does now; the rest of the run goes on").action(
    async (run, path, options) =>
      end(await (await import("./commands/steer.ts")).stopCommand(run, path, options)),
  );
  add("fork <RUN>", "Retry from any task, finished or not, as a new run; this one stays as it is")
    .requiredOption("--from <TASK>", "path of the task that the new run goes on with")
    .option("--set <FIELD=VALUE>", "a state field, written first; may be repeated", collect)
    .action(async (run, options) =>
      end(await (await import("./commands/resume.ts")).forkCommand(run, options)),
    );
  add("cancel <RUN>", "Stop a run and everything that it started")
    .option("--reason <TEXT>", "recorded with it")
    .action(async (run, options) =>
      end(await (await import("./commands/steer.ts")).cancelCommand(run, options)),
    );
  add("kill <RUN>", "Stop a run at once, without a polite word first").action(
    async (run, options) =>
      end(await (await import("./commands/steer.ts")).killCommand(run, options)),
  );
}

function addOthers(add: Add, { end, serveMcp }: ProgramPorts): void {
  add("mcp", "Offer this folder's workflows to other agents, as an MCP server").action(
    async (options) => end(await (await import("./commands/mcp.ts")).mcpCommand(options, serveMcp)),
  );
  add("where", "Print the folder that holds this folder's runs")
    .option("--log", "print the file of its log instead")
    .action(async (options) =>
      end(await (await import("./commands/about.ts")).whereCommand(options)),
    );
  add("health", "How runs and what they stand on fare right now").action(async (options) =>
    end(await (await import("./commands/about.ts")).healthCommand(options)),
  );
  add("doctor", "Look for what is missing: agents, servers, settings, disk").action(
    async (options) => end(await (await import("./commands/about.ts")).doctorCommand(options)),
  );
  add("help [COMMAND]", "Print help for one command").action((wanted, _, command) =>
    showHelp(command.parent, wanted),
  );
  add("eval <TEMPLATE>", "Print what a template gives, as JSON")
    .option("-c, --context <FILE>", "the names it may use, as a JSON object")
    .action(async (template, options) =>
      end(await (await import("./commands/about.ts")).evalCommand(template, options)),
    );
}

function showHelp(program: Command, wanted: string | undefined): void {
  if (wanted === undefined) return program.outputHelp();
  const names = program.commands.map((command) => command.name());
  const found = program.commands[names.indexOf(wanted)];
  if (found) return found.outputHelp();
  const meant = closest(wanted, names);
  const guess = meant === undefined ? "" : `\n(Did you mean ${meant}?)`;
  program.error(`error: unknown command '${wanted}'${guess}`);
}

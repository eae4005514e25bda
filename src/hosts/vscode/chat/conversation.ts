/**
 * What @fermata does with a line and says to it. Owns the order of understanding, doing and telling.
 * Knows no editor: the chat and its buttons come in as ports.
 */
import type { App, TemplateInfo } from "../../../app/app.ts";
import { runMetrics } from "../../../report/metrics.ts";
import { beganAt, isFinished, type RunState } from "../../../run/state.ts";
import type { JsonObject } from "../../../util/json.ts";
import { formatElapsed } from "../../../views/duration.ts";
import { runRows } from "../../../views/runList.ts";
import { formatDiagnostic } from "../../../workflow/diagnostic.ts";
import { escaped } from "../plainText.ts";
import { type Intent, readIntent, startLine } from "./intent.ts";
import { tellProgress } from "./progress.ts";

/** A button under what was said. `command` without its `fermata.`. */
export interface ChatButton {
  readonly title: string;
  readonly command: string;
  readonly argument?: unknown;
}

export interface ChatStream {
  markdown(text: string): void;
  progress(text: string): void;
  button(button: ChatButton): void;
}

export interface ConversationPorts {
  readonly app: App;
  /** The name under which this person's runs are recorded. */
  readonly me: string;
  readonly trusted: boolean;
  readonly now: () => number;
  /** Puts texts into the person's language; `{0}` stands for the first of `values`. */
  readonly t: (text: string, ...values: readonly (string | number)[]) => string;
  /** Told of a run that was begun here. */
  readonly began: (run: string) => Promise<void>;
  /** Which workflow a free text means, by a model; absent where there is none. */
  readonly guess?: (
    text: string,
    offered: readonly TemplateInfo[],
  ) => Promise<{ readonly workflow: string; readonly inputs: JsonObject } | undefined>;
}

export interface ChatLine {
  readonly command?: string;
  readonly text: string;
  /** The run that was spoken of last. */
  readonly lastRun?: string;
  /** Aborted when the person stops the answer. */
  readonly signal: AbortSignal;
}

export interface Conversed {
  /** The run that was spoken of. */
  readonly run?: string;
  /** Lines that may be sent next. */
  readonly next?: readonly string[];
}

/** Answers one line. */
export async function converse(
  ports: ConversationPorts,
  line: ChatLine,
  stream: ChatStream,
): Promise<Conversed> {
  const templates = await ports.app.listTemplates();
  const offered = templates.filter(({ problem }) => problem === undefined);
  const intent = readIntent(line, offered);
  const talk: Talk = { ...ports, line, stream, offered };
  switch (intent.kind) {
    case "start":
      return begin(talk, intent);
    case "which":
      return sayWhich(talk, intent.workflows);
    case "workflows":
      return sayWorkflows(talk, templates);
    case "runs":
      return sayRuns(talk);
    case "run":
      return withRun(talk, intent.run, (state) => sayRun(talk, state));
    case "work":
      return withRun(talk, intent.run, (state) => sayWork(talk, state));
    case "help":
      return sayHelp(talk);
    case "unknown":
      return sayUnknown(talk, intent.text);
  }
}

interface Talk extends ConversationPorts {
  readonly line: ChatLine;
  readonly stream: ChatStream;
  readonly offered: readonly TemplateInfo[];
}

async function begin(
  talk: Talk,
  { workflow, inputs, missing }: Extract<Intent, { kind: "start" }>,
): Promise<Conversed> {
  const { app, stream, t, me, offered } = talk;
  const template = offered.find(({ name }) => name === workflow);
  if (!template) return sayUnknown(talk, workflow);
  if (!talk.trusted) {
    stream.markdown(
      t("This folder is in Restricted Mode, so nothing was started. Trust it to run workflows."),
    );
    return {};
  }
  const ask = { title: t("Give Its Inputs..."), command: "runWorkflow", argument: { template } };
  if (missing.length > 0) {
    const names = missing.map((name) => `\`${name}\``).join(", ");
    stream.markdown(t("{0} still needs {1}. Nothing was started.", escaped(workflow), names));
    stream.button(ask);
    return { next: [startLine(workflow, { ...inputs, [missing[0] ?? ""]: "..." })] };
  }
  const started = await app.startRun({
    ...{ template: template.file, inputs, coerce: true, startedBy: me },
  });
  if (!started.ok) {
    const errors = started.diagnostics.filter(({ severity }) => severity === "error");
    for (const text of [started.failure.message, ...errors.map(formatDiagnostic)])
      stream.markdown(`${escaped(text)}\n\n`);
    stream.markdown(t("Nothing was started."));
    stream.button(ask);
    return {};
  }
  const { run } = started;
  await talk.began(run);
  stream.markdown(`${t("Started {0} as {1}.", `**${escaped(workflow)}**`, `\`${run}\``)}\n\n`);
  stream.button(openButton(talk, run));
  return follow(talk, run);
}

/** Tells what happens until the run rests, or the person stops listening: the run goes on all the same. */
async function follow(talk: Talk, run: string): Promise<Conversed> {
  const { stream } = talk;
  const watch = await talk.app.watchRun(run);
  if (!watch) return { run };
  try {
    const rested = await tellProgress(watch, stream, talk.me, talk.line.signal);
    if (!rested) return { run };
    // The editor folds away what stands before a progress line, the button there included.
    sayRest(talk, watch.state);
    stream.button(openButton(talk, run));
    return { run, next: isFinished(watch.state) ? [talk.t("how long did it take?")] : [] };
  } finally {
    watch.dispose();
  }
}

function openButton({ t }: Talk, run: string): ChatButton {
  return { title: t("Open Run View"), command: "openRunView", argument: { run } };
}

/** How a run stands, and where its questions are answered. */
function sayRest(talk: Talk, state: RunState): void {
  const { stream, t, now } = talk;
  const { run } = state.started;
  const took = formatElapsed((state.ended_at ?? now()) - beganAt(state));
  const words = {
    done: t("Done after {0}.", took),
    failed: t("Failed after {0}: {1}", took, escaped(state.failure?.message ?? "")),
    rejected: t("Rejected after {0}.", took),
    cancelled: t("Cancelled after {0}.", took),
    cancelling: t("It is being cancelled."),
    paused: t("Paused."),
    running: state.breakpoints.size > 0 ? t("It waits for you.") : t("It runs, since {0}.", took),
  };
  stream.markdown(`\n\n${words[state.status]}\n\n`);
  for (const { id, path } of state.breakpoints.values())
    stream.button({
      title: t("Answer {0}...", path),
      command: "answer",
      argument: { run, breakpoint: id },
    });
  if (isFinished(state)) stream.markdown(`${workSentence(talk, state)}\n`);
}

function sayRun(talk: Talk, state: RunState): Conversed {
  const { stream } = talk;
  const { run, bundle } = state.started;
  stream.markdown(`**${escaped(bundle.main)}** \`${run}\``);
  stream.button(openButton(talk, run));
  sayRest(talk, state);
  return { run };
}

function sayWork(talk: Talk, state: RunState): Conversed {
  const { run } = state.started;
  talk.stream.markdown(workSentence(talk, state));
  talk.stream.button(openButton(talk, run));
  return { run };
}

/** How long it took beside one step after the other; times in which it waited for somebody are in both. */
export function workSentence({ t, now }: Pick<Talk, "t" | "now">, state: RunState): string {
  const { elapsed, sequential, speedUp } = runMetrics(state, now());
  const took = isFinished(state)
    ? t("It took {0}.", formatElapsed(elapsed))
    : t("It has taken {0} so far.", formatElapsed(elapsed));
  const gained =
    speedUp >= 1.1
      ? t(
          "One step after the other it takes {0}: this was {1} times as fast.",
          formatElapsed(sequential),
          speedUp.toFixed(1),
        )
      : t("Nothing in it ran beside anything else for long, so one after the other takes as long.");
  return `${took} ${gained}`;
}

async function withRun(
  talk: Talk,
  named: string | undefined,
  tell: (state: RunState) => Conversed,
): Promise<Conversed> {
  const { app, line, stream, t } = talk;
  const run = named ?? line.lastRun ?? (await app.listRuns({ limit: 1 }))[0]?.run;
  const watch = run === undefined ? undefined : await app.watchRun(run);
  if (!watch) {
    stream.markdown(
      run === undefined ? t("Nothing has run here yet.") : t("There is no run {0} here.", run),
    );
    return {};
  }
  try {
    return tell(watch.state);
  } finally {
    watch.dispose();
  }
}

async function sayRuns({ app, stream, t, now }: Talk): Promise<Conversed> {
  const rows = runRows(await app.listRuns({ limit: 10 }), now());
  if (rows.length === 0) stream.markdown(t("Nothing has run here yet."));
  for (const { run, title, subject, word, elapsed } of rows) {
    const about = [word, elapsed ?? "", subject].filter((part) => part !== "").map(escaped);
    stream.markdown(`- **${escaped(title)}** \`${run}\` ${about.join(" · ")}\n`);
  }
  const [latest] = rows;
  if (!latest) return {};
  const { run } = latest;
  stream.button({ title: t("Open the Latest"), command: "openRunView", argument: { run } });
  return { run };
}

function sayWorkflows({ stream, t }: Talk, templates: readonly TemplateInfo[]): Conversed {
  if (templates.length === 0) stream.markdown(t("No workflow was found in this folder."));
  for (const { name, description, problem } of templates) {
    const about = problem === undefined ? description : t("It cannot run yet: {0}", problem);
    stream.markdown(`- **${escaped(name)}** ${escaped(about)}\n`);
  }
  return {};
}

function sayWhich({ stream, t, line }: Talk, workflows: readonly string[]): Conversed {
  const names = workflows.map((name) => `**${escaped(name)}**`).join(", ");
  stream.markdown(t("Several workflows could be meant: {0}. Name one.", names));
  const rest = line.text.trim().replace(/^\S+\s*/, "");
  return { next: workflows.map((name) => `${name} ${rest}`.trim()) };
}

function sayHelp({ stream, t, offered }: Talk): Conversed {
  stream.markdown(
    `${t("Say what to start, for example “plan adding rate limiting”, or ask how a run stands or how long it took.")}\n\n`,
  );
  for (const { name, description } of offered.slice(0, 8))
    stream.markdown(`- **${escaped(name)}** ${escaped(description)}\n`);
  return {};
}

/** A model may say what was meant; only the person starts it. */
async function sayUnknown(talk: Talk, text: string): Promise<Conversed> {
  const { stream, t, guess, offered } = talk;
  const guessed = await guess?.(text, offered);
  if (guessed) {
    const line = startLine(guessed.workflow, guessed.inputs);
    stream.markdown(`${t("If you mean this, send it:")} \`${line.replaceAll("`", "'")}\``);
    return { next: [line] };
  }
  stream.markdown(`${t("No workflow fits these words.")}\n\n`);
  return sayHelp(talk);
}

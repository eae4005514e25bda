/**
 * From a request to the first event of a run: everything that can be wrong is found here, before anything runs.
 * Owns that order: file, links, templates, trust, inputs, agents, tools. Performs nothing.
 */

import { secretsOfAgents } from "../../agents/secretTexts.ts";
import { secretMissing } from "../../engine/secrets.ts";
import { unknownAnswers } from "../../run/ask/unknownAnswers.ts";
import type { RunStarted } from "../../run/event.ts";
import { type Failure, failure } from "../../run/failure.ts";
import { ISOLATION_TOOLS } from "../../run/isolation/isolatedSteps.ts";
import type { Effects } from "../../run/request.ts";
import { prepareRun } from "../../run/start/prepare.ts";
import type { Program } from "../../run/start/program.ts";
import type { JsonObject } from "../../util/json.ts";
import type { FileDiagnostic } from "../../workflow/diagnostic.ts";
import { checkInputs, formatInputProblem } from "../../workflow/inputs.ts";
import type { Linked, WorkflowText } from "../../workflow/link.ts";
import { places } from "../../workflow/place.ts";
import { secretsIn } from "../../workflow/read/secret.ts";
import type { Lookups } from "../../workflow/validate.ts";
import type { Bundle, Step } from "../../workflow/workflow.ts";
import type { StartRequest } from "../app.ts";
import type { Files } from "../files.ts";
import { type ChooseAgent, chooseAgents } from "./agents/chooseAgents.ts";
import { inputDiagnostics } from "./inputDiagnostics.ts";
import { type HeldIn, heldSecret } from "./secrets/heldSecrets.ts";
import type { Typed } from "./secrets/typed.ts";
import type { SettingsProblem } from "./settings.ts";
import { checkTemplate, errorsOf, findTemplate, type TemplatePlaces } from "./templates.ts";

/** What stands behind names; refused names are failures with a suggestion. */
export interface LaunchPorts {
  readonly files: Files;
  readonly places: TemplatePlaces;
  readonly program: Program;
  readonly trusted: () => boolean;
  readonly agentNames: () => Promise<readonly string[]>;
  readonly chooseAgent: ChooseAgent;
  /** The name that stands for "no agent named". */
  readonly defaultAgent: () => string;
  readonly agentSettings: NonNullable<Lookups["agentSettings"]>;
  readonly serverNames: () => Promise<readonly string[]>;
  /** `server.tool` of those that are known without a process or connection. */
  readonly builtInTools: () => Promise<readonly string[]>;
  /** Workers that the settings name. */
  readonly workerNames: () => readonly string[];
  /** What is wrong with the files that configure them. */
  readonly serverProblems: () => readonly FileDiagnostic[];
  /** What each tool does when called twice, or why it cannot be called; connects the servers. */
  readonly describeTools: (tools: readonly string[]) => Promise<{
    readonly known: ReadonlyMap<string, Effects>;
    readonly refused: ReadonlyMap<string, string>;
  }>;
  /** Environment names that expressions may read, with their values. */
  readonly env: () => Readonly<Record<string, string>>;
  /** Those of the secrets that nobody has set. */
  readonly missingSecrets: (names: readonly string[]) => Promise<readonly string[]>;
  /** What is wrong with the files of settings. */
  readonly settingsProblems: () => readonly SettingsProblem[];
  /** Why the place where secrets may lie is not read, as a sentence. */
  readonly secretsProblem: () => Promise<string | undefined>;
  /** Of the secrets that are known. */
  readonly heldIn: HeldIn;
  /** What was handed in, without the values of secrets. */
  readonly typed: Typed;
  readonly machine: string;
  readonly now: () => number;
  readonly newSeed: () => string;
}

export type Launched =
  | { readonly ok: true; readonly first: RunStarted }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly diagnostics: readonly FileDiagnostic[];
    };

/** The names that a file may use, as far as they are known without starting anything. */
export async function namesNow(
  ports: Pick<
    LaunchPorts,
    "agentNames" | "agentSettings" | "builtInTools" | "defaultAgent" | "serverNames" | "workerNames"
  >,
): Promise<Lookups> {
  return {
    agents: await ports.agentNames(),
    agentSettings: ports.agentSettings,
    defaultAgent: ports.defaultAgent(),
    servers: await ports.serverNames(),
    tools: await ports.builtInTools(),
    workers: ports.workerNames(),
  };
}

/** A server that is not known may stand in a file that could not be read; then its errors are told too. */
export function withServerProblems(
  ports: Pick<LaunchPorts, "serverProblems">,
  diagnostics: readonly FileDiagnostic[],
): readonly FileDiagnostic[] {
  const unknown = diagnostics.some(({ code }) => code === "unknown-server");
  return unknown ? [...diagnostics, ...errorsOf(ports.serverProblems())] : diagnostics;
}

/** A file that may run: found, checked with all that it leads to, in a trusted folder. */
export interface OpenedTemplate {
  readonly ok: true;
  readonly main: WorkflowText;
  readonly names: Lookups;
  readonly checked: Linked;
  readonly bundle: Bundle;
}

/** The first event of a run named `run`, or every reason why it cannot start. */
export async function launch(
  ports: LaunchPorts,
  request: StartRequest,
  run: string,
): Promise<Launched> {
  const opened = await openTemplate(ports, request.template);
  return opened.ok ? launchOpened(ports, opened, request, run) : opened;
}

/** The file that a request names, when it may run; no agent, tool or secret has been asked for then. */
export async function openTemplate(
  ports: LaunchPorts,
  template: string,
): Promise<OpenedTemplate | Extract<Launched, { ok: false }>> {
  const found = await findTemplate(ports.files, ports.places, template);
  if (!found.ok) return no(failure("invalid_input", found.message));
  const unset = ports.settingsProblems().find(({ stops }) => stops);
  if (unset) return no(failure("invalid_input", `${unset.file}: ${unset.message}`));
  const main = { fileName: found.file, text: found.text };
  const names = await namesNow(ports);
  const checked = await checkTemplate(ports.files, ports.places, main, names);
  const { bundle } = checked;
  if (!bundle) return invalid(found.file, withServerProblems(ports, checked.diagnostics));
  if (!ports.trusted()) return no(untrusted(ports.places.workspace));
  return { ok: true, main, names, checked, bundle };
}

/** The first event of a run of an opened file. `bundle`: what of it is to run, whose agents, tools and secrets are asked for. */
export async function launchOpened(
  ports: LaunchPorts,
  { main, names, checked, bundle: whole }: OpenedTemplate,
  request: StartRequest,
  run: string,
  bundle: Bundle = whole,
): Promise<Launched> {
  const given = await ports.typed(request.inputs, whole);
  const inputs = readInputs(checked, bundle, { ...request, inputs: given });
  if (!inputs.ok) return inputs;
  const misnamed = request.answers && unknownAnswers(bundle, request.answers.answers);
  if (misnamed) return no(misnamed);
  const wanted = toolsIn(bundle);
  const tools = await ports.describeTools(wanted);
  if (tools.refused.size > 0) {
    const again = await checkTemplate(ports.files, ports.places, main, {
      ...names,
      refusedTools: tools.refused,
    });
    return invalid(main.fileName, again.diagnostics);
  }
  const agents = await chooseAgents(ports.chooseAgent, bundle);
  if (!agents.ok) return no(agents.failure);
  const secrets = new Set([...secretsIn(bundle), ...secretsOfAgents(agents.value.agents)]);
  const missing = await ports.missingSecrets([...secrets]);
  if (missing.length > 0) return no(secretMissing(missing, await ports.secretsProblem()));
  const setting = {
    run,
    ...agents.value,
    seed: ports.newSeed(),
    env: ports.env(),
    workspace: ports.places.workspace,
    started_by: request.startedBy,
    machine: ports.machine,
    tools: Object.fromEntries(
      wanted.map((tool) => [tool, { effects: tools.known.get(tool) ?? "once" }]),
    ),
  };
  const held = heldSecret(ports.heldIn, setting);
  if (held) return no(held);
  const prepared = prepareRun(ports.program, setting, inputs.values, ports.now());
  return prepared.ok ? { ok: true, first: prepared.value } : no(prepared.failure);
}

/** The failure of a folder that nobody trusted yet. */
export function untrusted(workspace: string): Failure {
  const message =
    `The folder ${workspace} is not trusted, so nothing may run there. ` +
    "Look through its workflows, then trust it: with --trust in the terminal, or Manage Workspace Trust in the editor.";
  return failure("untrusted", message);
}

function toolsIn(bundle: Bundle): readonly string[] {
  const tools = new Set<string>();
  for (const workflow of Object.values(bundle.workflows))
    for (const { step } of places(workflow)) for (const tool of toolsOf(step)) tools.add(tool);
  return [...tools];
}

function toolsOf(step: Step): readonly string[] {
  if (step.kind === "mcp_call") return [step.tool];
  if (step.kind === "delegate") return step.isolation ? ISOLATION_TOOLS : [];
  return step.kind === "plan" ? step.workers.flatMap(({ tool }) => tool ?? []) : [];
}

function readInputs(
  { files }: Linked,
  bundle: Bundle,
  request: StartRequest,
): { readonly ok: true; readonly values: JsonObject } | Extract<Launched, { ok: false }> {
  const definitions = bundle.workflows[bundle.main]?.inputs ?? {};
  const checked = checkInputs(definitions, request.inputs, { coerce: request.coerce === true });
  if (checked.ok) return checked;
  const message = checked.problems.map(formatInputProblem).join("\n");
  const detail = checked.problems.map((problem) => ({ ...problem }));
  const source = files.find(({ key }) => key === bundle.main)?.parsed.source;
  const diagnostics = source ? inputDiagnostics(checked.problems, source) : [];
  return { ok: false, failure: failure("invalid_input", message, detail), diagnostics };
}

function invalid(
  file: string,
  diagnostics: readonly FileDiagnostic[],
): Extract<Launched, { ok: false }> {
  const count = errorsOf(diagnostics).length;
  const message = `${file} has ${count} ${count === 1 ? "error" : "errors"}; nothing was started.`;
  return { ok: false, failure: failure("invalid_input", message), diagnostics };
}

function no(failed: Failure): Extract<Launched, { ok: false }> {
  return { ok: false, failure: failed, diagnostics: [] };
}

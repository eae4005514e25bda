/** The requests that run commands: of a shell step, and of the commands of gates. */
import { quoteAt } from "../../../util/shellPlace.ts";
import type { GateStep, ShellStep } from "../../../workflow/definition/activitySteps.ts";
import { isAgentCheck, isCommand } from "../../../workflow/definition/gate.ts";
import { gateQuestion } from "../../gate/agentGate.ts";
import type { ActivityRequest, GateCommand, GateQuestion } from "../../request.ts";
import { type Evaluated, type Moment, type Place, render, renderText } from "../scope.ts";
import { DEFAULT_TIMEOUT } from "./attemptTime.ts";
import { renderSecrets } from "./secretTexts.ts";

/** The command of a shell step, with its folder and its environment. */
export function shellRequest(
  moment: Moment,
  place: Place,
  step: ShellStep,
): Evaluated<ActivityRequest> {
  const command = renderCommand(moment, place, step.command);
  if (!command.ok) return command;
  const cwd = step.cwd === undefined ? undefined : renderText(moment, place, step.cwd);
  if (cwd && !cwd.ok) return cwd;
  const env = step.env === undefined ? undefined : renderSecrets(moment, place, step.env);
  if (env && !env.ok) return env;
  return {
    ok: true,
    value: {
      activity: "shell",
      command: command.value,
      ...(cwd ? { cwd: cwd.value } : {}),
      ...(env ? { env: env.value } : {}),
    },
  };
}

/** The commands of a gate step; its other gates need no attempt. */
export function gateRequest(
  moment: Moment,
  place: Place,
  step: GateStep,
): Evaluated<ActivityRequest> {
  const questions: GateQuestion[] = [];
  const commands: GateCommand[] = [];
  const { timeout } = step;
  const limited = timeout === undefined ? {} : { timeout };
  for (const gate of step.gates) {
    const { check } = gate;
    if (isAgentCheck(check)) {
      const criteria = renderText(moment, place, check.criteria);
      if (!criteria.ok) return criteria;
      const question = gateQuestion(gate.name, check.agent, criteria.value, place.frame.last);
      questions.push({ ...question, ...limited });
    }
    if (!isCommand(check)) continue;
    const command = renderCommand(moment, place, check.command);
    if (!command.ok) return command;
    commands.push({ name: gate.name, command: command.value, timeout: timeout ?? DEFAULT_TIMEOUT });
  }
  const asked = questions.length > 0 ? { questions } : {};
  const folder = step.folder === undefined ? undefined : renderText(moment, place, step.folder);
  if (folder && !folder.ok) return folder;
  const where = folder ? { folder: folder.value } : {};
  return { ok: true, value: { activity: "gate", commands, ...asked, ...where } };
}

/** A list is rendered word by word; in a string every value is quoted for where it stands. */
function renderCommand(
  moment: Moment,
  place: Place,
  command: string | readonly string[],
): Evaluated<string | readonly string[]> {
  if (typeof command === "string") {
    const line = render(moment, place, command, (text, before) => quoteAt(before, text));
    return line.ok ? { ok: true, value: String(line.value ?? "") } : line;
  }
  const words: string[] = [];
  for (const word of command) {
    const rendered = renderText(moment, place, word);
    if (!rendered.ok) return rendered;
    words.push(rendered.value);
  }
  return { ok: true, value: words };
}

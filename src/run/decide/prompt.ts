/** A question to a person: the form that is shown, rendered once, and the result that its answer gives. */
import type { Json } from "../../util/json.ts";
import { isList, isObject } from "../../util/json.ts";
import type { FormField, FormFields } from "../../workflow/definition/inputDefinition.ts";
import type { PromptStep } from "../../workflow/definition/personSteps.ts";
import type { Form } from "../ask/breakpoint.ts";
import { failure } from "../failure.ts";
import type { GivenAnswer, OpenTask } from "../state.ts";
import { asText, type Evaluated, type Moment, type Place, render, renderText } from "./scope.ts";

/** The form of a prompt; fails when its templates do, or a choice has nothing to choose from. */
export function promptForm(moment: Moment, place: Place, step: PromptStep): Evaluated<Form> {
  const message = renderText(moment, place, step.message);
  if (!message.ok) return message;
  const options = step.options === undefined ? undefined : render(moment, place, step.options);
  if (options && !options.ok) return options;
  const preset = step.default === undefined ? undefined : render(moment, place, step.default);
  if (preset && !preset.ok) return preset;
  const fields = step.fields === undefined ? undefined : formFields(moment, place, step.fields);
  if (fields && !fields.ok) return fields;
  const choices = options && isList(options.value) ? options.value.map(asText) : undefined;
  if (step.input === "choice" && !choices?.length) {
    const empty = `options of ${step.id} are not a list with something in it.`;
    return { ok: false, failure: failure("invalid_input", empty) };
  }
  return {
    ok: true,
    value: {
      kind: "prompt",
      input: step.input,
      message: message.value.trim(),
      ...(choices ? { options: choices } : {}),
      ...(step.validation ? { validation: step.validation } : {}),
      ...(preset ? { default: preset.value } : {}),
      ...(fields ? { fields: fields.value } : {}),
    },
  };
}

/** What a prompt's step results in: the shapes that LANGUAGE.md lists. */
export function answerResult(task: OpenTask, { answer, by, at }: GivenAnswer): Json {
  const given = { answered_by: by, answered_at: new Date(at).toISOString() };
  if (task.step.kind !== "prompt" || answer.kind !== "prompt") return given;
  switch (task.step.input) {
    case "info":
      return { acknowledged: true, ...given };
    case "confirm":
      return { confirmed: answer.value, ...given };
    case "text":
      return { input: answer.value, ...given };
    case "choice":
      return { selected: answer.value, ...given };
    case "form":
      return { ...(isObject(answer.value) ? answer.value : {}), ...given };
  }
}

function formFields(moment: Moment, place: Place, fields: FormFields): Evaluated<FormFields> {
  const rendered: Record<string, FormField> = {};
  for (const [name, field] of Object.entries(fields)) {
    const one = formField(moment, place, field);
    if (!one.ok) return one;
    rendered[name] = one.value;
  }
  return { ok: true, value: rendered };
}

/** A default that comes to nothing is none. */
function formField(moment: Moment, place: Place, field: FormField): Evaluated<FormField> {
  const { label, description, default: preset, ...rules } = field;
  const said: { label?: string; description?: string } = {};
  for (const [key, source] of Object.entries({ label, description })) {
    if (source === undefined) continue;
    const text = renderText(moment, place, source);
    if (!text.ok) return text;
    Object.assign(said, { [key]: text.value });
  }
  const offered = preset === undefined ? undefined : render(moment, place, preset);
  if (offered && !offered.ok) return offered;
  const none = offered === undefined || offered.value === null;
  return { ok: true, value: { ...rules, ...said, ...(none ? {} : { default: offered.value }) } };
}

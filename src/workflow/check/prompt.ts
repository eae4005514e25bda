/** Rules of a prompt: which keys go with which kind of answer, and what a form's fields may be called and offer. */

import type { PromptStep } from "../definition/personSteps.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { type Checking, reportNoEffect } from "./checking.ts";
import { checkDefinitions, checkRanges } from "./definitions.ts";

/** What stands in a form's result beside its fields. */
const RESERVED = ["answered_by", "answered_at"];

/** What each kind of answer has no use for. */
const UNUSED: Readonly<Record<PromptStep["input"], readonly (keyof PromptStep)[]>> = {
  info: ["options", "validation", "fields"],
  confirm: ["options", "validation", "fields"],
  text: ["options", "fields"],
  choice: ["validation", "fields"],
  form: ["options", "validation", "default"],
};

/** Checks a prompt. */
export function checkPrompt(checking: Checking, step: PromptStep, path: DocumentPath): void {
  const { input } = step;
  const missing = (key: string, why: string) => {
    if (checking.source.has([...path, key])) return;
    const message = `\`${key}\` is missing in step \`${step.id}\`: ${why}.`;
    checking.report({ at: [...path, "id"], part: "key", code: "missing-key", message });
  };
  if (input === "choice") missing("options", "a choice needs something to choose from");
  if (input === "form") missing("fields", "a form needs something to fill in");
  for (const key of UNUSED[input]) {
    if (step[key] === undefined) continue;
    const message = `\`${key}\` has no effect with \`input: ${input}\`.`;
    reportNoEffect(checking, [...path, key], message);
  }
  if (step.on_timeout !== undefined && step.timeout === undefined) {
    const message = "`on_timeout` has no effect without `timeout`.";
    reportNoEffect(checking, [...path, "on_timeout"], message);
  }
  if (step.validation) checkRanges(checking, step.validation, [...path, "validation"]);
  if (step.fields) checkFields(checking, step, path);
}

function checkFields(checking: Checking, step: PromptStep, path: DocumentPath): void {
  const { fields = {} } = step;
  const at = [...path, "fields"];
  if (Object.keys(fields).length === 0) {
    const message = `\`fields\` of step \`${step.id}\` is empty.`;
    checking.report({ at, code: "empty-list", message, expected: "at least one field" });
  }
  for (const name of RESERVED) {
    if (!Object.hasOwn(fields, name)) continue;
    const message = `A field cannot be called \`${name}\`: the result of a form has it already.`;
    checking.report({ at: [...at, name], part: "key", code: "bad-name", message });
  }
  checkDefinitions(checking, fields, at, { templates: true });
}

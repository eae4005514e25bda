/** What an agent is given beside its instructions, rendered; and what it is told of the attempts before. */
import { own } from "../../../util/json.ts";
import type { DelegateStep } from "../../../workflow/definition/activitySteps.ts";
import type { AgentContext } from "../../../workflow/definition/agentContext.ts";
import type { ActivityRequest, ContextRequest } from "../../request.ts";
import type { OpenTask } from "../../state.ts";
import {
  asText,
  type Evaluated,
  type Moment,
  type Place,
  render,
  renderText,
  resultsAt,
} from "../scope.ts";

/** The context of a delegate step; undefined when it asks for none. */
export function contextRequest(
  moment: Moment,
  place: Place,
  { id, context }: DelegateStep,
): Evaluated<ContextRequest | undefined> {
  if (!context) return { ok: true, value: undefined };
  const files: string[] = [];
  for (const source of context.files ?? []) {
    const file = renderText(moment, place, source);
    if (!file.ok) return file;
    if (file.value.trim() !== "") files.push(file.value.trim());
  }
  const texts = [...lastAnswer(place, id, context)];
  for (const [name, source] of Object.entries(context.results ?? {})) {
    const value = render(moment, place, source);
    if (!value.ok) return value;
    const text = asText(value.value);
    if (text !== "") texts.push({ name, text });
  }
  const { tokens, compress = true } = context;
  return {
    ok: true,
    value: { files, texts, compress, ...(tokens === undefined ? {} : { tokens }) },
  };
}

/** A request with what came of the attempts before, as far as the task remembers. */
export function withTried(request: ActivityRequest, task: OpenTask | undefined): ActivityRequest {
  const { tried } = task ?? {};
  return request.activity === "agent" && tried ? { ...request, tried } : request;
}

/** Where the step comes again, by `goto`: what it answered before. */
function lastAnswer(place: Place, id: string, { history }: AgentContext) {
  const before = history && !place.frame.supervised ? own(resultsAt(place.frame), id) : undefined;
  const text = before === undefined ? "" : asText(before);
  return text === "" ? [] : [{ name: "your last answer", text }];
}

/** What an agent is given beside its instructions, rendered; and what it is told of the attempts before. */
import { own } from "../../../util/json.ts";
import type { DelegateStep } from "../../../workflow/definition/activitySteps.ts";
import type { AgentContext } from "../../../workflow/definition/agentContext.ts";
import { saidBefore } from "../../evolve/flow/said.ts";
import { taskPath } from "../../path.ts";
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
  const texts = [...answersBefore(place, id, context)];
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

/** Where the step comes again, by `goto` or in a further turn: what it answered before. */
function answersBefore({ frame }: Place, id: string, { history }: AgentContext) {
  if (!history || frame.supervised) return [];
  const said = saidBefore(frame, taskPath(frame.path, id, 1));
  const before = own(resultsAt(frame), id);
  const last = said.pop() ?? (before === undefined ? "" : asText(before));
  const earlier = said.map((text, index) => ({ name: `your answer ${index + 1}`, text }));
  return last === "" ? earlier : [...earlier, { name: "your last answer", text: last }];
}

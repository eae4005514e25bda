/** The result of a prompt, from the answer that was given: the shapes that LANGUAGE.md lists. */
import type { Json } from "../../util/json.ts";
import type { GivenAnswer, OpenTask } from "../state.ts";

/** What a prompt's step results in. */
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
  }
}

/** The settings that the adapters of bare models share, so that one word means one thing. Owns their forms and texts. */
import type { Setting } from "../adapter.ts";

export const MODEL_SETTINGS = {
  temperature: {
    form: "number",
    least: 0,
    most: 2,
    describes: "How freely the model answers, from 0; the server's own value without it.",
  },
  timeout: {
    form: "duration",
    describes: "The longest time of one answer. Without it only the step's own time counts.",
  },
  max_tokens: {
    form: "number",
    least: 1,
    whole: true,
    describes: "The longest answer, in tokens.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

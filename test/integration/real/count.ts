/** The workflow by which the real agents are tried: one question whose answer is data. */
import { workflow } from "../harness/product.ts";

/** Its only delegate is `look`, by `@task`. */
export const COUNT = workflow(
  "count",
  `
steps:
  - id: look
    type: delegate
    agent: "@task"
    instructions: Which limit holds? Write it down.
    output_schema:
      { type: object, required: [limit], properties: { limit: { type: number } }, additionalProperties: false }
  - { id: end, type: return, value: { limit: "{{ steps.look.data.limit }}", files: "{{ steps.look.files_changed }}" } }
`,
);

/** The page of step types, docs/steps.md, from the table that the parser and the schema are made of. */
import type { Fields } from "../src/workflow/schema/shape.ts";
import { STEP_KINDS } from "../src/workflow/schema/stepKinds.ts";

/** The whole page. */
export function stepsPage(): string {
  const kinds = Object.entries(STEP_KINDS).map(
    ([name, { doc, result, fields }]) =>
      `## \`${name}\`\n\n${doc}\n\nResult: ${result}\n\n${keysOf(fields)}`,
  );
  return `${HEAD}\n${kinds.join("\n")}`;
}

const HEAD = `# Steps

Every type of step, what it gives as \`steps.<id>\`, and its own keys; written by \`node scripts/generateSchema.ts\`. The keys of
every step (\`when\`, \`output_to\`, \`retry\`, ...) are in the schema, and an editor says them while you type.
`;

function keysOf(fields: Fields): string {
  const rows = Object.entries(fields).map(
    ([key, { doc, required }]) => `| \`${key}\`${required ? " (required)" : ""} | ${cell(doc)} |\n`,
  );
  return rows.length === 0 ? "" : `| key | what it says |\n| --- | --- |\n${rows.join("")}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

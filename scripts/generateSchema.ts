/** Writes `schemas/workflow.schema.json` from the tables in `src/workflow/schema`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { workflowSchemaText } from "../src/workflow/schema/jsonSchema.ts";

const folder = new URL("../schemas/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("workflow.schema.json", folder), workflowSchemaText());

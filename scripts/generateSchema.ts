/** Writes `schemas/workflow.schema.json` and `docs/steps.md` from the tables in `src/workflow/schema`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { workflowSchemaText } from "../src/workflow/schema/jsonSchema.ts";
import { stepsPage } from "./stepsPage.ts";

const folder = new URL("../schemas/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("workflow.schema.json", folder), workflowSchemaText());
writeFileSync(new URL("../docs/steps.md", import.meta.url), stepsPage());

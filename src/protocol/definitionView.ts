/** What a window and its page of a workflow's definition say to each other. Plain JSON; knows neither end. */
import type { Step } from "../workflow/workflow.ts";

export type ToDefinition =
  | {
      /** The file as it is now. */
      readonly type: "definition";
      /** Names the file, for the page to come back as. */
      readonly file: string;
      readonly title: string;
      readonly steps: readonly Step[];
      /** Steps of the tasks in the file, by name. */
      readonly tasks: Readonly<Record<string, readonly Step[]>>;
      /** Errors that keep it from running: the graph is then of what could be read. */
      readonly problems: number;
    }
  /** The step in which the text's cursor stands; "" for none. */
  | { readonly type: "selectStep"; readonly place: string };

export type FromDefinition =
  | { readonly type: "ready" }
  /** Show the step in its file; `focus`: and go there. */
  | { readonly type: "reveal"; readonly place: string; readonly focus: boolean }
  | { readonly type: "run" }
  | { readonly type: "fault"; readonly message: string };

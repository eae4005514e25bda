/** Which of the engine's tools the editor's agents get, and under which names. The manifest says the same. Pure. */

/** Those that look, start and answer: stopping and going on stay with the person's own buttons. */
export const CHAT_TOOLS: readonly string[] = [
  "list_workflows",
  "start_workflow",
  "list_runs",
  "get_run",
  "wait_for_run",
  "answer_question",
];

/** A tool's name among the tools of all extensions. */
export function toolId(name: string): string {
  return `fermata_${name}`;
}

/** Of the participant and of the server, as the manifest has them. */
export const PARTICIPANT = "fermata.chat";
export const SERVER_PROVIDER = "fermata.engine";

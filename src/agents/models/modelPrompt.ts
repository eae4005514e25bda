/**
 * What a bare model is told, and how its answer becomes a transcript while it comes in.
 * Owns the words around a prompt and the cutting of a stream into lines. Knows no vendor.
 */
import type { ActivityContext, OutputLine } from "../../engine/activity.ts";
import type { AgentPrompt, AgentRecord } from "../agent.ts";

export interface ModelMessage {
  readonly role: "system" | "user";
  readonly content: string;
}

/** The messages of one turn. The schema is also said in words: a model that only has a grammar fills it blindly. */
export function messagesOf(prompt: AgentPrompt, definition: AgentRecord): readonly ModelMessage[] {
  const system = prompt.systemPrompt ?? definition.system_prompt ?? "";
  const { correction, outputSchema } = prompt;
  const content = [
    prompt.instructions,
    ...(correction === undefined ? [] : [`Your last answer could not be used: ${correction}`]),
    ...(outputSchema === undefined
      ? []
      : [
          `Answer with nothing but one JSON value that fits this JSON Schema:\n${JSON.stringify(outputSchema)}`,
        ]),
  ].join("\n\n");
  return [
    ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
    { role: "user", content },
  ];
}

export interface Stream {
  write(kind: "text" | "thought", piece: string): void;
  /** Ends the last line. */
  end(): void;
  /** All the text so far, without the thoughts. */
  readonly text: string;
}

/** Writes an answer that comes in pieces to the transcript, line by line, and says that it grows. */
export function openStream({ output, progress }: ActivityContext): Stream {
  let text = "";
  let line: OutputLine = { kind: "text", text: "" };
  const flush = (): void => {
    if (line.text.trim() !== "") output(line);
    line = { kind: line.kind, text: "" };
  };
  return {
    write: (kind, piece) => {
      if (piece === "") return;
      if (kind === "text") text += piece;
      if (kind !== line.kind) flush();
      const lines = (line.text + piece).split("\n");
      const rest = lines.pop() ?? "";
      for (const each of lines) {
        line = { kind, text: each };
        flush();
      }
      line = { kind, text: rest };
      progress(kind === "thought" ? "thinking" : `answering, ${text.length} characters so far`);
    },
    end: flush,
    get text() {
      return text;
    },
  };
}

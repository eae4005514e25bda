/**
 * An activity whose every word passes the redactor: what it comes to, what it prints, what it says it does, and what it
 * throws. Owns that nothing gets by.
 */
import type { ActivityOutcome, ActivityRequest } from "../../run/request.ts";
import type { Activity, ActivityContext, OutputLine } from "../activity.ts";
import type { Redactor } from "../secrets.ts";

/** The same activity, redacted. `ready` resolves once the secrets of its run are known; it does nothing before. */
export function redacted<R extends ActivityRequest>(
  activity: Activity<R>,
  redact: Redactor,
  ready: () => Promise<void>,
): Activity<R> {
  return async (request, context) => {
    await ready();
    const output = createOutput(redact, context.output);
    try {
      return redactOutcome(
        redact,
        await activity(request, redactedContext(context, redact, output.write)),
      );
    } catch (error) {
      throw redactError(redact, error);
    } finally {
      output.end();
    }
  };
}

/** What an attempt came to as it may become an event: the redacted value is the value. */
export function redactOutcome(redact: Redactor, outcome: ActivityOutcome): ActivityOutcome {
  if (outcome.type === "completed") return { ...outcome, result: redact.json(outcome.result) };
  const { message, detail } = outcome.failure;
  const told = { ...outcome.failure, message: redact.text(message) };
  if (detail === undefined) return { ...outcome, failure: told };
  return { ...outcome, failure: { ...told, detail: redact.json(detail) } };
}

/** A fault as it may be logged. */
export function redactError(redact: Redactor, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(redact.text(String(error)));
  const told = new Error(redact.text(error.message));
  told.name = error.name;
  told.stack = redact.text(error.stack ?? "");
  return told;
}

/** A context whose words pass the redactor; `output` has seen to its own. */
export function redactedContext(
  context: ActivityContext,
  redact: Redactor,
  output: ActivityContext["output"],
): ActivityContext {
  return {
    ...context,
    output,
    holdsSecret: (text) => redact.find(text) !== undefined,
    progress: (text) => context.progress(redact.text(text)),
    ask: ({ message, options }, withdraw) =>
      context.ask(
        {
          message: redact.text(message),
          options: options.map((option) => ({ ...option, label: redact.text(option.label) })),
        },
        withdraw,
      ),
  };
}

/** Redacts lines on their way to a transcript, each kind as a stream of its own. */
function createOutput(
  redact: Redactor,
  write: (line: OutputLine) => void,
): { readonly write: (line: OutputLine) => void; end(): void } {
  const streams = new Map<OutputLine["kind"], ReturnType<Redactor["stream"]>>();
  return {
    write: ({ kind, text }) => {
      let stream = streams.get(kind);
      if (!stream) {
        const lines = kind !== "text" && kind !== "thought";
        stream = redact.stream((ready) => write({ kind, text: ready }), lines);
        streams.set(kind, stream);
      }
      stream.write(text);
    },
    end: () => {
      for (const stream of streams.values()) stream.end();
    },
  };
}

/**
 * What a client asks about a run that stands still: its threads and stacks, and the values that a step sees.
 * Owns the numbers under which the client names steps and values.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type DebuggedRun, type DebugPorts, Refusal } from "./debuggedRun.ts";
import { sourceOf, writtenAt } from "./sources.ts";
import { failedTask, type StackEntry } from "./threads.ts";
import {
  describe,
  evaluateAt,
  fieldWith,
  readValue,
  type Shown,
  scopesOf,
  variablesIn,
} from "./variables.ts";

/** The body of a response. */
export type Body<R extends { readonly body?: unknown }> = Promise<NonNullable<R["body"]>>;

/** Those requests, over one session. */
export function lookRequests(ports: DebugPorts, debugged: DebuggedRun) {
  const shown: Shown[] = [];
  const frames: { readonly thread: number; readonly path: string }[] = [];

  const reference = (inside: Shown): number => shown.push(inside);
  const inside = (id: number): Shown => {
    const found = shown[id - 1];
    if (!found) throw new Refusal("The run has gone on.");
    return found;
  };
  const frameId = (thread: number, path: string): number => {
    const known = frames.findIndex((each) => each.thread === thread && each.path === path);
    return known < 0 ? frames.push({ thread, path }) : known + 1;
  };
  const entryAt = (id: number | undefined): StackEntry => {
    const frame = id === undefined ? { thread: 1, path: undefined } : frames[id - 1];
    const stack = frame ? debugged.stack(frame.thread) : [];
    const entry = stack.find(({ path }) => frame?.path === undefined || path === frame.path);
    if (!entry) throw new Refusal("The run has gone on.");
    return entry;
  };
  return {
    threads: async (): Body<DebugProtocol.ThreadsResponse> => ({
      threads: [...debugged.threads()],
    }),
    stackTrace: async (
      args: DebugProtocol.StackTraceArguments,
    ): Body<DebugProtocol.StackTraceResponse> => {
      const { threadId, startFrame = 0, levels = 0 } = args;
      const all = debugged.stack(threadId);
      const page = all.slice(startFrame, levels > 0 ? startFrame + levels : undefined);
      const stackFrames = page.map((entry) => ({
        id: frameId(threadId, entry.path),
        ...frameView(debugged, entry),
      }));
      return { stackFrames, totalFrames: all.length };
    },
    scopes: async ({
      frameId: id,
    }: DebugProtocol.ScopesArguments): Body<DebugProtocol.ScopesResponse> => ({
      scopes: scopesOf(entryAt(id)).map(({ title, ...scope }) => ({
        name: title,
        variablesReference: reference(scope),
        namedVariables: Object.keys(scope.value).length,
        expensive: false,
      })),
    }),
    variables: async (
      args: DebugProtocol.VariablesArguments,
    ): Body<DebugProtocol.VariablesResponse> => ({
      variables: [...variablesIn(inside(args.variablesReference), args, reference)],
    }),
    setVariable: async (
      args: DebugProtocol.SetVariableArguments,
    ): Body<DebugProtocol.SetVariableResponse> => {
      const around = inside(args.variablesReference);
      const frame = around.state?.frame;
      const entry = debugged.stack(1).at(-1);
      if (!frame || !entry) throw new Refusal("Only fields of the state can be set.");
      const read = readValue(debugged.moment(), { ...entry, frame }, args.value);
      if (!read.ok) throw new Refusal(read.failure.message);
      const field = fieldWith(around, args.name, read.value);
      if (!field) throw new Refusal("Only fields of the state can be set.");
      const { path } = field.frame;
      const where = path === "" ? {} : { path };
      await debugged.signal({ type: "set", updates: field.updates, by: ports.me, ...where });
      const keys = [...(around.state?.keys ?? []), args.name];
      return describe(read.value, args.name, reference, { frame, keys });
    },
    evaluate: async (
      args: DebugProtocol.EvaluateArguments,
    ): Body<DebugProtocol.EvaluateResponse> => {
      const value = evaluateAt(debugged.moment(), entryAt(args.frameId), args.expression);
      if (!value.ok) throw new Refusal(value.failure.message);
      const { value: result, ...described } = describe(value.value, args.expression, reference);
      const whole = args.context === "clipboard" ? JSON.stringify(value.value, null, 2) : result;
      return { result: whole, ...described };
    },
    restartFrame: async ({ frameId: id }: DebugProtocol.RestartFrameArguments) =>
      debugged.restartFrom(entryAt(id).path),
    exceptionInfo: async (): Body<DebugProtocol.ExceptionInfoResponse> => {
      const task = debugged.state && failedTask(debugged.state);
      const failed = task?.state.is === "failed" ? task.state.failure : debugged.state?.failure;
      const { code = "failed", message = "" } = failed ?? {};
      return { exceptionId: code, description: message, breakMode: "unhandled" };
    },
  };
}

function frameView(
  debugged: DebuggedRun,
  { name, place }: StackEntry,
): Omit<DebugProtocol.StackFrame, "id"> {
  const written = writtenAt(debugged.sources, place);
  if (!written) return { name, line: 0, column: 0, canRestart: true };
  const { start } = written.step.range;
  const source = sourceOf(written.file);
  return { name, source, line: start.line, column: start.column, canRestart: true };
}

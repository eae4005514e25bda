/**
 * What a client of the debug protocol may ask, each as one function from its arguments to the answer's body.
 * Owns the order in which a session begins. What cannot be done is thrown as a `Refusal`.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { isObject, type Json, type JsonObject } from "../../util/json.ts";
import { type DebuggedRun, type DebugPorts, Refusal } from "./debuggedRun.ts";
import { type Body, lookRequests } from "./lookRequests.ts";
import { breakablePlaces, setBreakpoint } from "./sources.ts";

/** What a session is begun with, as launch.json has it. */
export interface Beginning {
  readonly launch?: {
    readonly workflow: string;
    readonly inputs: JsonObject;
    readonly stopOnEntry: boolean;
    readonly noDebug: boolean;
  };
  readonly attach?: { readonly run: string; readonly workflow?: string };
}

/** The name of the one exception filter. */
const FAILED = "failed";

export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsRestartFrame: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsExceptionInfoRequest: true,
  supportsBreakpointLocationsRequest: true,
  supportsClipboardContext: true,
  exceptionBreakpointFilters: [
    {
      filter: FAILED,
      label: "Failed Steps",
      description:
        "Holds a run that fails at the step that failed: look at it, set its state, restart it.",
      default: true,
    },
  ],
};

/** The table of requests over one session. `ready`: tells the client that it may set its breakpoints. */
export function requestsOf(ports: DebugPorts, debugged: DebuggedRun, ready: () => void) {
  return {
    ...beginRequests(ports, debugged, ready),
    ...goRequests(ports, debugged),
    ...lookRequests(ports, debugged),
  };
}

function beginRequests(ports: DebugPorts, debugged: DebuggedRun, ready: () => void) {
  const configured = Promise.withResolvers<void>();
  let lastBreakpoint = 0;
  const begin = async (template: string): Promise<boolean> => {
    const found = await ports.app().findSteps(template);
    if (found.ok) debugged.sources = found.files;
    else if (debugged.launched) throw new Refusal(found.message);
    ready();
    await configured.promise;
    return found.ok;
  };

  return {
    initialize: async () => CAPABILITIES,
    launch: async (args: Json) => {
      const { launch } = readBeginning(args);
      if (!launch) throw new Refusal("Name the workflow to debug: its file, or its name.");
      debugged.launched = true;
      await begin(launch.workflow);
      const { workflow: template, inputs, noDebug, stopOnEntry } = launch;
      const stops = noDebug ? {} : { stops: debugged.stops(stopOnEntry ? "any" : undefined) };
      const started = await ports
        .app()
        .startRun({ template, inputs, startedBy: ports.me, ...stops });
      if (!started.ok) throw new Refusal(started.failure.message);
      if (noDebug) debugged.holdsFailures = false;
      await debugged.follow(started.run, stopOnEntry);
    },
    attach: async (args: Json) => {
      const { attach } = readBeginning(args);
      if (!attach) throw new Refusal("Name the run to attach to.");
      const watch = await ports.app().watchRun(attach.run);
      if (!watch) throw new Refusal(`There is no run ${attach.run} in this folder.`);
      const main = watch.state.started.bundle.main;
      watch.dispose();
      await begin(attach.workflow ?? main);
      const set = await ports.app().setStops(attach.run, debugged.stops());
      if (!set.ok) throw new Refusal(set.reason);
      await debugged.follow(attach.run);
      await ports.app().openRun(attach.run);
    },
    configurationDone: async () => configured.resolve(),
    setBreakpoints: async (
      args: DebugProtocol.SetBreakpointsArguments,
    ): Body<DebugProtocol.SetBreakpointsResponse> => {
      const file = args.source.path ?? "";
      const known = (place: string): boolean => debugged.knows(place);
      const set = (args.breakpoints ?? []).map((asked) => {
        lastBreakpoint += 1;
        return setBreakpoint(debugged.sources, file, asked, lastBreakpoint, known);
      });
      await debugged.setBreakpoints(file, set);
      return { breakpoints: set.map(({ told }) => told) };
    },
    breakpointLocations: async (
      args: DebugProtocol.BreakpointLocationsArguments,
    ): Body<DebugProtocol.BreakpointLocationsResponse> => {
      const { source, line, endLine = line } = args;
      const places = breakablePlaces(debugged.sources, source.path ?? "");
      return { breakpoints: places.filter((each) => each.line >= line && each.line <= endLine) };
    },
    setExceptionBreakpoints: async ({
      filters,
    }: DebugProtocol.SetExceptionBreakpointsArguments) => {
      debugged.holdsFailures = filters.includes(FAILED);
    },
  };
}

function goRequests(ports: DebugPorts, debugged: DebuggedRun) {
  return {
    continue: async (
      args: DebugProtocol.ContinueArguments,
    ): Body<DebugProtocol.ContinueResponse> => {
      const paused = debugged.state?.status === "paused";
      await debugged.go(args.threadId);
      return { allThreadsContinued: paused };
    },
    next: ({ threadId }: DebugProtocol.NextArguments) => debugged.go(threadId, "over"),
    stepIn: ({ threadId }: DebugProtocol.StepInArguments) => debugged.go(threadId, "into"),
    stepOut: ({ threadId }: DebugProtocol.StepOutArguments) => debugged.go(threadId, "out"),
    pause: () => debugged.signal({ type: "pause", by: ports.me }),
    terminate: async () => {
      const over = debugged.state === undefined || debugged.state.ended_at !== undefined;
      if (over) return debugged.end();
      await debugged.signal({ type: "cancel", by: ports.me, reason: "Debugging was stopped." });
    },
    disconnect: async ({ terminateDebuggee = false }: DebugProtocol.DisconnectArguments = {}) => {
      const { state } = debugged;
      const goesOn = state !== undefined && state.ended_at === undefined;
      if (terminateDebuggee && goesOn && debugged.launched)
        await debugged.signal({ type: "cancel", by: ports.me, reason: "Debugging was stopped." });
      await debugged.close();
    },
  };
}

/** The arguments of launch and attach, as far as they make sense. */
export function readBeginning(args: Json): Beginning {
  if (!isObject(args)) return {};
  const { workflow, inputs, run, stopOnEntry, noDebug } = args;
  const named = typeof workflow === "string" && workflow !== "" ? workflow : undefined;
  const launch = named !== undefined && {
    ...{ workflow: named, inputs: isObject(inputs) ? inputs : {} },
    ...{ stopOnEntry: stopOnEntry === true, noDebug: noDebug === true },
  };
  const attach = typeof run === "string" &&
    run !== "" && { run, ...(named === undefined ? {} : { workflow: named }) };
  return { ...(launch ? { launch } : {}), ...(attach ? { attach } : {}) };
}

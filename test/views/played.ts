/**
 * A case file for the views: a workflow, the world it meets, and the pictures it gives after some of its records.
 * Sections start with `=== name`; `=== after N: live {...}` is a picture after N records, `=== end` the last one.
 */

import { fold } from "../../src/run/evolve/evolve.ts";
import type { ActivityOutcome } from "../../src/run/request.ts";
import type { RunState } from "../../src/run/state.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import { isObject } from "../../src/util/json.ts";
import { begin, bundleOf, createProgram, type Simulation, simulate } from "../run/simulate.ts";

export interface Case {
  readonly played: Simulation;
  readonly pictures: readonly Picture[];
}

/** `heading` as written; `text` what the file says it looks like. */
export interface Picture {
  readonly heading: string;
  readonly state: RunState;
  readonly driven: boolean;
  readonly live: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Plays a case. Seconds pass between records as `pace` says, so that times are to be seen. */
export function playCase(source: string): Case {
  const sections = sectionsOf(source);
  const world: JsonObject = JSON.parse(sections.get("world") ?? "{}");
  const program = createProgram();
  const beside = Object.fromEntries(
    [...sections]
      .filter(([name]) => name.startsWith("beside "))
      .map(([name, text]) => [name.slice(7), text]),
  );
  const bundle = bundleOf(sections.get("workflow") ?? "", beside);
  const inputs = isObject(world.inputs) ? world.inputs : {};
  const played = simulate(program, [begin(program, bundle, inputs)], {
    outcome: ({ path }) => outcomeOf(world, path),
    answer: ({ path }) => (isObject(world.answers) ? world.answers[path] : undefined),
  });
  const pace = typeof world.pace === "number" ? world.pace : 1;
  const start = played.records[0]?.at ?? 0;
  const records = played.records.map((record) => ({
    ...record,
    at: start + (record.seq - 1) * pace * 1000,
  }));
  const pictures = [...sections].flatMap(([heading, text]) => {
    const wanted = /^(?:after (\d+)|end)( undriven)?(?:: (.*))?$/.exec(heading);
    if (!wanted) return [];
    const state = fold(
      structuredClone(records.slice(0, wanted[1] === undefined ? undefined : Number(wanted[1]))),
    );
    if (!state) throw new Error(`${heading}: no records`);
    const live: Readonly<Record<string, string>> = JSON.parse(wanted[3] ?? "{}");
    return [
      {
        heading,
        text,
        state,
        driven: wanted[2] === undefined,
        live: new Map(Object.entries(live)),
      },
    ];
  });
  return { played, pictures };
}

/** The file again, with new pictures. */
export function withPictures(source: string, draw: (picture: Picture) => string): string {
  const drawn = new Map(
    playCase(source).pictures.map((picture) => [picture.heading, draw(picture)]),
  );
  return [...sectionsOf(source)]
    .map(([name, text]) => `=== ${name}\n${drawn.get(name) ?? text}`)
    .join("");
}

function sectionsOf(source: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const section of source.split(/^=== /m).slice(1)) {
    const end = section.indexOf("\n");
    sections.set(section.slice(0, end), section.slice(end + 1));
  }
  return sections;
}

function outcomeOf(world: JsonObject, path: string): ActivityOutcome {
  const given: Json | undefined = isObject(world.outcomes) ? world.outcomes[path] : undefined;
  if (isObject(given) && typeof given.failed === "string") {
    return { type: "failed", failure: { code: "agent_error", message: given.failed } };
  }
  return {
    type: "completed",
    result: given ?? { response: "fine" },
    usage: { input_tokens: 1500, output_tokens: 400 },
  };
}

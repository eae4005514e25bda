/** What a run's attempts took in tokens and money, by agent and by task. Owns the sums; a price is what they came to. */
import type { Recorded } from "../run/event.ts";
import type { Usage } from "../run/request.ts";
import type { RunState } from "../run/state.ts";

export interface Spent {
  readonly attempts: number;
  readonly input: number;
  readonly output: number;
  /** US dollars, where agents say. */
  readonly cost: number;
  /** Some of it was counted by us, because the agent did not say. */
  readonly estimated: boolean;
}

export interface Spending extends Spent {
  /** What agents were given beside their instructions: tokens as given, and as it was. */
  readonly context: { readonly tokens: number; readonly whole: number };
  /** The dearest first. */
  readonly agents: readonly (Spent & { readonly agent: string })[];
  readonly tasks: readonly (Spent & { readonly path: string; readonly agent: string })[];
}

/** Adds up the usage in a run's events. */
export function spendingOf(events: Iterable<Recorded>, state: RunState): Spending {
  const agents = new Map<string, Spent>();
  const tasks = new Map<string, Spent>();
  const context = { tokens: 0, whole: 0 };
  let all = NOTHING;
  for (const { event } of events) {
    if (event.type !== "attempt_completed" && event.type !== "attempt_failed") continue;
    context.tokens += event.context?.tokens ?? 0;
    context.whole += event.context?.whole ?? 0;
    if (!event.usage) continue;
    const agent = agentOf(state, event.path);
    all = plus(all, event.usage);
    agents.set(agent, plus(agents.get(agent) ?? NOTHING, event.usage));
    tasks.set(event.path, plus(tasks.get(event.path) ?? NOTHING, event.usage));
  }
  return {
    ...all,
    context,
    agents: dearest([...agents].map(([agent, spent]) => ({ agent, ...spent }))),
    tasks: dearest(
      [...tasks].map(([path, spent]) => ({ path, agent: agentOf(state, path), ...spent })),
    ),
  };
}

/** Dollars a million tokens, in and out together; undefined where nothing was paid. */
export function pricePerMillion({ input, output, cost }: Spent): number | undefined {
  const tokens = input + output;
  return cost > 0 && tokens > 0 ? (cost / tokens) * 1_000_000 : undefined;
}

/** How much of a context was saved by giving extracts, in whole percent. */
export function savedShare({ tokens, whole }: Spending["context"]): number {
  return whole === 0 ? 0 : Math.round(100 * (1 - tokens / whole));
}

const NOTHING: Spent = { attempts: 0, input: 0, output: 0, cost: 0, estimated: false };

function plus(spent: Spent, usage: Usage): Spent {
  return {
    attempts: spent.attempts + 1,
    input: spent.input + usage.input_tokens,
    output: spent.output + usage.output_tokens,
    cost: spent.cost + (usage.cost_usd ?? 0),
    estimated: spent.estimated || usage.estimated === true,
  };
}

function agentOf(state: RunState, path: string): string {
  const record = state.tasks.get(path);
  return record?.agent ?? record?.kind ?? "";
}

function dearest<T extends Spent>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => b.cost - a.cost || tokensOf(b) - tokensOf(a));
}

function tokensOf({ input, output }: Spent): number {
  return input + output;
}

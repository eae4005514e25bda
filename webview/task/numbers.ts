/**
 * The numbers of a task, each to be opened to where it comes from: a duration to its attempts, a cost to its tokens and
 * their price, a gate to its command and output. Owns which numbers there are.
 */
import { html, nothing, type TemplateResult } from "lit";
import { pricePerMillion, type Spent, savedShare } from "../../src/report/spending.ts";
import type { RunStarted } from "../../src/run/event.ts";
import type { GateResult } from "../../src/run/gate/judge.ts";
import type { TaskRecord } from "../../src/run/history/taskRecord.ts";
import type { ContextUse } from "../../src/run/request.ts";
import { behindName } from "../../src/run/start/chosenAgents.ts";
import { isObject, type Json } from "../../src/util/json.ts";
import { formatElapsed } from "../../src/views/duration.ts";
import { printable, printableLine } from "../../src/views/printable.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";
import { formatCost, formatSpent, formatTokens } from "../../src/views/usage.ts";
import { agentIn } from "../../src/workflow/agents/agentKey.ts";
import type { Attempt, Score, TaskFacts } from "./taskFacts.ts";

/** Everything that is known in numbers of a task. */
export interface Numbers {
  readonly row: TaskRow;
  readonly record: TaskRecord | undefined;
  /** What the run chose for each agent's name. */
  readonly agents: RunStarted["agents"];
  readonly facts: TaskFacts | undefined;
  /** In ms since the epoch. */
  readonly now: number;
}

export function taskNumbers(numbers: Numbers): TemplateResult {
  const { row, record, facts } = numbers;
  const spent = spentIn(facts?.attempts ?? []);
  const cost = record ? formatSpent(record.cost_usd, record.unpriced) : "";
  return html`<div class="facts">
    ${record?.agent ? plain("Agent", agentOf(record.agent, numbers)) : nothing} ${took(numbers)}
    ${row.tokens > 0 ? fact("Tokens", formatTokens(row.tokens), spending(spent, row)) : nothing}
    ${cost === "" ? nothing : fact("Cost", cost, spending(spent, row))}
    ${facts?.context === undefined ? nothing : context(facts.context)}
    ${(facts?.scores ?? []).map(score)} ${(facts?.gates ?? []).map(gate)}
    ${facts?.answeredBy ? plain("Answered by", facts.answeredBy) : nothing}
  </div>`;
}

/** The agent's name with what stands behind it, which a run of an earlier version may not say. */
function agentOf(name: string, { agents }: Numbers): string {
  const chosen = agents[name];
  return chosen ? `${agentIn(name)}: ${behindName(chosen)}` : name;
}

function took({ row, facts, now }: Numbers): TemplateResult | typeof nothing {
  if (row.startedAt === undefined) return nothing;
  const time = formatElapsed((row.endedAt ?? now) - row.startedAt);
  const planned = row.estimate === undefined ? "" : `, planned ${formatElapsed(row.estimate)}`;
  const attempts = facts?.attempts ?? [];
  const count = attempts.length > 1 ? ` in ${attempts.length} attempts` : "";
  const name = row.endedAt === undefined ? "For" : "Took";
  return fact(name, `${time}${count}${planned}`, inside(row, attempts, now));
}

function inside(row: TaskRow, attempts: readonly Attempt[], now: number): TemplateResult {
  if (attempts.length === 0)
    return html`<div>from ${clock(row.startedAt)} to ${row.endedAt === undefined ? "now" : clock(row.endedAt)}</div>`;
  return html`<table>
    <tbody>
      ${attempts.map(
        (each) => html`<tr>
          <td class="number">${each.number}</td>
          <td class="number">${each.ended}</td>
          <td class="number">${formatElapsed((each.to ?? now) - each.from)}</td>
          <td>${aboutAttempt(each)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function aboutAttempt({ failure, usage, correction }: Attempt): string {
  const tokens = usage ? formatTokens(usage.input_tokens + usage.output_tokens) : "";
  const estimated = usage?.estimated ? " (estimated)" : "";
  const told = correction === undefined ? "" : `told to mend: ${printableLine(correction)}`;
  const said = failure ? printableLine(failure.message) : "";
  return [tokens + estimated, told, said]
    .filter((part) => part !== "")
    .map(cut)
    .join(" · ");
}

function spentIn(attempts: readonly Attempt[]): Spent {
  const used = attempts.flatMap(({ usage }) => usage ?? []);
  const sum = (of: (usage: (typeof used)[number]) => number) =>
    used.reduce((total, usage) => total + of(usage), 0);
  return {
    attempts: used.length,
    input: sum((usage) => usage.input_tokens),
    output: sum((usage) => usage.output_tokens),
    cost: sum((usage) => usage.cost_usd ?? 0),
    estimated: used.some(({ estimated }) => estimated === true),
  };
}

function spending(spent: Spent, row: TaskRow): TemplateResult {
  const price = pricePerMillion(spent);
  const own = spent.input + spent.output;
  return html`<table>
    <tbody>
      ${spent.attempts > 0 ? line("In", formatTokens(spent.input)) : nothing}
      ${spent.attempts > 0 ? line("Out", formatTokens(spent.output)) : nothing}
      ${row.tokens > own ? line("Inside it", formatTokens(row.tokens - own)) : nothing}
      ${spent.cost > 0 ? line("Cost", formatCost(spent.cost)) : nothing}
      ${price === undefined ? nothing : line("A million tokens", formatCost(price))}
      ${spent.estimated ? line("Counted", "here, because the agent did not say") : nothing}
    </tbody>
  </table>`;
}

/** What the agent was given, part by part: as given, and as it was. */
function context({ tokens, whole, parts, left_out: left = [] }: ContextUse): TemplateResult {
  const saved = savedShare({ tokens, whole });
  const about = saved > 0 ? ` of ${formatTokens(whole)} (${saved} % saved)` : "";
  return fact(
    "Context",
    `≈ ${formatTokens(tokens)}${about}`,
    html`<table>
      <tbody>
        ${parts.map((part) => line(part.name, part.tokens < part.whole ? `${formatTokens(part.tokens)} of ${formatTokens(part.whole)}` : formatTokens(part.whole)))}
        ${left.map((name) => line(name, "left out: no room"))}
      </tbody>
    </table>`,
  );
}

function score({ name, value, evidence }: Score): TemplateResult {
  return fact(`Score ${name}`, String(value), data(evidence));
}

function gate({ name, category, status, reason, evidence }: GateResult): TemplateResult {
  const facts = isObject(evidence) ? evidence : {};
  const { output, ...rest } = facts;
  const about = category === null ? "" : ` (${category})`;
  return fact(
    `Gate ${name}${about}`,
    html`<span class=${status}>${status}</span> ${printableLine(reason)}`,
    html`${data(rest)}${typeof output === "string" && output !== "" ? html`<pre tabindex="0" aria-label="Output">${printable(output)}</pre>` : nothing}`,
  );
}

function data(value: Json): TemplateResult {
  if (!isObject(value))
    return html`<pre tabindex="0">${printable(JSON.stringify(value, null, 2))}</pre>`;
  return html`<table>
    <tbody>
      ${Object.entries(value).map(([name, each]) => line(name, typeof each === "string" ? each : JSON.stringify(each)))}
    </tbody>
  </table>`;
}

function line(name: string, value: string): TemplateResult {
  return html`<tr><th scope="row">${printableLine(name)}</th><td>${cut(printableLine(value))}</td></tr>`;
}

function fact(
  name: string,
  value: TemplateResult | string,
  opened: TemplateResult,
): TemplateResult {
  return html`<details class="fact">
    <summary>
      <span class="name">${printableLine(name)}</span><span class="value">${value}</span>
    </summary>
    <div class="inside">${opened}</div>
  </details>`;
}

function plain(name: string, value: string): TemplateResult {
  return html`<div class="plain">
    <span class="name">${name}</span><span class="value">${printableLine(value)}</span>
  </div>`;
}

function clock(time: number | undefined): string {
  return time === undefined ? "" : new Date(time).toLocaleTimeString();
}

function cut(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}

/** A question over runs as a condition of SQL over the table `runs`. Values never become part of the SQL. */
import type { Condition, RunQuery } from "../../run/history/query.ts";
import { agentKey } from "../../workflow/agents/agentKey.ts";

export interface Where {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * The condition of a `WHERE`; true for a question that asks nothing.
 * @param driven the runs that some process drives now
 */
export function whereOf(query: RunQuery, driven: readonly string[] = []): Where {
  const parts = query.map((condition) => {
    const { sql, values } = clause(condition, driven);
    // What is unknown, such as how long a run takes that has not ended, answers no question.
    return { sql: condition.not ? `coalesce(NOT (${sql}), 0)` : sql, values };
  });
  return {
    sql: parts.length === 0 ? "1" : parts.map(({ sql }) => `(${sql})`).join(" AND "),
    values: parts.flatMap(({ values }) => values),
  };
}

const FINISHED = "status IN ('done', 'failed', 'rejected', 'cancelled')";

// The words are those of `runStatusName` in `views/statusWord.ts`. What waits for a time, too, hangs on who drives it.
const DRIVEN = "run IN (SELECT value FROM json_each(?))";
const ASKS = "status = 'running' AND waiting > 0";
const AWAITS = (what: string) => `status = 'running' AND waiting = 0 AND doing = '${what}'`;
const WORKS =
  "(status = 'cancelling' OR status = 'running' AND waiting = 0 AND doing IN ('working', 'retrying'))";

const HANG_ON_DRIVER: ReadonlyMap<string, string> = new Map([
  ["running", `${WORKS} AND ${DRIVEN}`],
  ["waiting", `${ASKS} OR ${AWAITS("signal")} OR ${AWAITS("timer")} AND ${DRIVEN}`],
  ["interrupted", `(${WORKS} OR ${AWAITS("timer")}) AND NOT ${DRIVEN}`],
]);

function clause(condition: Condition, driven: readonly string[]): Where {
  switch (condition.field) {
    case "text":
      return anyOf(condition.any, "instr(text, ?)");
    case "workflow":
      return anyOf(condition.any, "instr(lower(workflow), ?)");
    case "by":
      return anyOf(condition.any, "instr(lower(started_by), ?)");
    case "run":
      return anyOf(condition.any, "instr(run, ?)");
    case "failure":
      return anyOf(condition.any, "failure_code = ?");
    case "agent":
      return anyOf(
        condition.any.flatMap((name) => [`\n${name}\n`, `\n${agentKey(name, "")}`]),
        "instr(agents, ?)",
      );
    case "status":
      return statuses(condition.any, driven);
    case "since":
      return { sql: "started_at >= ?", values: [condition.at] };
    case "until":
      return { sql: "started_at < ?", values: [condition.at] };
    case "tokens":
      return { sql: `tokens ${condition.compare} ?`, values: [condition.value] };
    case "cost":
      return { sql: `cost_usd ${condition.compare} ?`, values: [condition.value] };
    case "took":
      return { sql: `ended_at - started_at ${condition.compare} ?`, values: [condition.value] };
  }
}

function anyOf(values: readonly string[], test: string): Where {
  return { sql: values.map(() => `${test}`).join(" OR "), values };
}

function statuses(words: readonly string[], driven: readonly string[]): Where {
  const parts = words.map((word): Where => {
    if (word === "finished") return { sql: FINISHED, values: [] };
    if (word === "unfinished") return { sql: `NOT ${FINISHED}`, values: [] };
    const hangs = HANG_ON_DRIVER.get(word);
    return hangs === undefined
      ? { sql: "status = ?", values: [word] }
      : { sql: hangs, values: [JSON.stringify(driven)] };
  });
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(" OR "),
    values: parts.flatMap(({ values }) => values),
  };
}

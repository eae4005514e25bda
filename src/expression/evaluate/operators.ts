/**
 * What `+ - * / // % **` mean for each kind of value.
 * Owns the choice by kind; the arithmetic itself is in values/.
 */
import { Fault } from "../error.ts";
import type { BinaryOperator } from "../node.ts";
import type { Runtime } from "../runtime.ts";
import { calculateTime } from "../values/moment.ts";
import { calculate, float, integer, isFloat, isInteger, numberOf } from "../values/number.ts";
import { Duration, isList, kindOf, type Value } from "../values/value.ts";

/** The result of an operator; `%` on text is formatted by the caller. */
export function operate(rt: Runtime, operator: BinaryOperator, left: Value, right: Value): Value {
  if (numberOf(left) !== undefined && numberOf(right) !== undefined) {
    return calculate(operator, left, right);
  }
  const other =
    combine(rt, operator, left, right) ??
    calculateTime(operator, left, right) ??
    scaleTime(operator, left, right);
  if (other === undefined) throw unfit(operator, left, right);
  return other;
}

/** A sign before a number or a duration. */
export function signed(operator: "+" | "-", value: Value): Value {
  if (value instanceof Duration) {
    return operator === "-" ? new Duration(-value.length) : value;
  }
  const number = numberOf(value);
  if (number === undefined) {
    const hint = typeof value === "string" ? " Convert it with `| int` or `| float`." : "";
    throw new Fault(
      "type",
      `Expected a number after \`${operator}\`, found ${kindOf(value)}.${hint}`,
    );
  }
  const result = operator === "-" ? -number : number;
  return isFloat(value) ? float(result) : integer(result);
}

function combine(rt: Runtime, operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === "+") return join(rt, left, right);
  return operator === "*" ? (repeat(rt, left, right) ?? repeat(rt, right, left)) : undefined;
}

function join(rt: Runtime, left: Value, right: Value): Value {
  if (typeof left === "string" && typeof right === "string") {
    rt.text(left.length + right.length);
    return left + right;
  }
  if (!isList(left) || !isList(right)) return undefined;
  rt.list(left.length + right.length);
  return [...left, ...right];
}

function repeat(rt: Runtime, what: Value, times: Value): Value {
  const count = typeof times === "boolean" ? Number(times) : times;
  if (!isInteger(count)) return undefined;
  const copies = Math.max(0, count);
  if (typeof what === "string") {
    rt.text(what.length * copies);
    return what.repeat(copies);
  }
  if (!isList(what)) return undefined;
  rt.list(what.length * copies);
  return Array.from({ length: copies }, () => what).flat();
}

function scaleTime(operator: BinaryOperator, left: Value, right: Value): Value {
  if (left instanceof Duration && right instanceof Duration && operator === "/") {
    return calculate("/", float(left.length), float(right.length));
  }
  const [duration, factor] = left instanceof Duration ? [left, right] : [right, left];
  const number = numberOf(factor);
  if (!(duration instanceof Duration) || number === undefined) return undefined;
  if (operator === "*") return new Duration(duration.length * number);
  if (operator !== "/" || left !== duration || number === 0) return undefined;
  return new Duration(duration.length / number);
}

function unfit(operator: BinaryOperator, left: Value, right: Value): Fault {
  const sides = `${kindOf(left)} and ${kindOf(right)}`;
  return new Fault(
    "type",
    `\`${operator}\` does not work on ${sides}.${hint(operator, left, right)}`,
  );
}

function hint(operator: BinaryOperator, left: Value, right: Value): string {
  if ([left, right].some((side) => side === undefined || side === null)) {
    return " One side has no value: give it one with `default` or `or`.";
  }
  const texts = [left, right].filter((side) => typeof side === "string").length;
  if (operator === "+" && texts === 1) return " Join text with `~`.";
  return texts > 0 ? " Convert text with `| int` or `| float`." : "";
}

/**
 * Makes of a race-free workflow one that fails as a whole, asks about lost attempts and can be rejected, or that waits
 * for signals and runs out of time: no two ways through it need end the same.
 */
import { isObject, type Json } from "../../src/util/json.ts";
import type { Draw } from "./drawing.ts";
import { race } from "./generate.ts";

/** The name of every signal that a dependent workflow waits for. */
export const SIGNAL = "go";

/** Some waits become waits for a signal, and some attempts have less time than they may take. */
export function dependent(draw: Draw, value: Json): Json {
  if (Array.isArray(value)) return value.map((entry) => dependent(draw, entry));
  if (!isObject(value)) return value;
  if (value.type === "wait" && draw(2) === 0) {
    const { duration: _, ...rest } = value;
    return { ...rest, signal: SIGNAL };
  }
  // Steps that undo wait for nobody.
  const inner = Object.entries(value).map(([key, each]) => [
    key,
    key === "on_cancel" ? each : dependent(draw, each),
  ]);
  const calls = value.type === "delegate" || value.type === "mcp_call" || value.type === "shell";
  const hasty = calls && draw(3) === 0 ? { timeout: "1s" } : {};
  return { ...Object.fromEntries(inner), ...hasty };
}

/** @param value a workflow, or any part of one */
export function rougher(draw: Draw, value: Json): Json {
  if (Array.isArray(value)) return value.map((entry) => rougher(draw, entry));
  if (!isObject(value)) return value;
  const rough: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === "on_reject" && draw(2) === 0) continue;
    if (key === "mode" && draw(3) === 0) rough[key] = "all";
    else if (key === "mode" && draw(2) === 0) Object.assign(rough, race(draw));
    else if (key === "effects" && draw(2) === 0) rough[key] = "once";
    else rough[key] = rougher(draw, inner);
  }
  if (typeof value.id === "string" && value.type !== undefined && draw(6) === 0)
    rough.total_timeout = "3s";
  const handled =
    value.type === "foreach" || value.type === "parallel" || value.type === "workflow";
  if (handled && draw(4) === 0)
    rough.on_error = [{ id: `${value.id}mend`, type: "prompt", message: "Mend it" }];
  if (value.type === "prompt" && draw(3) === 0) {
    Object.assign(rough, { timeout: "3s", on_timeout: draw(2) === 0 ? "fail" : "escalate" });
  }
  return rough;
}

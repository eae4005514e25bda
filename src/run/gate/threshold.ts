/**
 * What a gate's `expect` means: the comparisons and words that the language takes, against what was measured.
 * Pure text and numbers; knows no gate.
 */

/** As programs and people write numbers: `1234`, `1,234.5`, `.5`, `1e3`. */
const NUMBER = String.raw`(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`;
/** A comparison: an operator, a number, and what it is of. */
const COMPARISON = new RegExp(
  String.raw`^\s*(>=|<=|==|!=|>|<)?\s*(-?${NUMBER})\s*(?:%|\/\s*(${NUMBER}))?\s*$`,
);
/** What goes on like a number after one (`1.2.3`, `1,5`) is none that can be compared. */
const MEASURED = new RegExp(
  String.raw`^\s*[^\d\s.-]?\s*(-?${NUMBER})(?![\d.,]*\d)\s*(?:\/\s*(${NUMBER}))?`,
);
const YES = /^(?:true|yes|y|ok|on|pass|passed|success|1)$/i;
const NO = /^(?:false|no|n|off|none|fail|failed|failure|0)?$/i;

/**
 * Whether a measurement is as expected. `>= 90`, `<= 5`, `== 0`, `!= 3`, `> 1`, `< 2` compare; a bare number and
 * `95%` mean at least; `>= 90/100` means 90 of 100, and a measured `45/50` is brought to that scale. `required` takes
 * anything but a no, `acceptable` anything, `true` a yes. Undefined when the two cannot be compared.
 */
export function meets(measured: string, expect: string): boolean | undefined {
  const said = measured.trim();
  switch (expect.trim().toLowerCase()) {
    case "acceptable":
      return true;
    case "required":
      return !NO.test(said);
    case "true":
      return YES.test(said);
    default:
      return compare(said, expect);
  }
}

function compare(measured: string, expect: string): boolean | undefined {
  const wanted = COMPARISON.exec(expect);
  const found = MEASURED.exec(measured);
  if (!wanted || !found) return undefined;
  const [, operator = ">=", limitText, outOf] = wanted;
  const [, numberText, measuredOf] = found;
  const scale = measuredOf === undefined ? 1 : numberOf(outOf ?? "100") / numberOf(measuredOf);
  return holds(numberOf(numberText) * scale, operator, numberOf(limitText));
}

function numberOf(text = ""): number {
  return Number(text.replaceAll(",", ""));
}

function holds(number: number, operator: string, limit: number): boolean {
  switch (operator) {
    case "<=":
      return number <= limit;
    case "==":
      return number === limit;
    case "!=":
      return number !== limit;
    case ">":
      return number > limit;
    case "<":
      return number < limit;
    default:
      return number >= limit;
  }
}

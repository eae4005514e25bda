/** The lines of a benchmark's report and its verdict. Owns how a figure is told; measures nothing. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Printed behind the value: `ms`, `KB`, `x`. */
  readonly unit: string;
  /** `most`: the figure may not be above it; `least`: not below. */
  readonly goal?: { readonly most: number } | { readonly least: number };
  /** What helps to read the figure. */
  readonly more?: string;
}

export interface Scorecard {
  /** Prints a headline. */
  section(title: string): void;
  /** Prints a figure and remembers its verdict. */
  add(figure: Figure): void;
  /** Prints what was met and missed; true when no goal was missed. */
  close(): boolean;
}

/** A report that `print` is given line by line. */
export function createScorecard(print: (line: string) => void): Scorecard {
  let met = 0;
  const missed: string[] = [];
  return {
    section: (title) => print(`\n${title}`),
    add: (figure) => {
      const fits = verdict(figure);
      if (fits === true) met += 1;
      if (fits === false) missed.push(figure.name);
      print(line(figure, fits));
    },
    close: () => {
      print(`\n${met} goals met, ${missed.length} missed`);
      for (const name of missed) print(`  missed: ${name}`);
      return missed.length === 0;
    },
  };
}

/** Whether a figure meets its goal; undefined when it has none. */
export function verdict({ value, goal }: Figure): boolean | undefined {
  if (!goal) return undefined;
  // A figure that is no number meets nothing.
  return "most" in goal ? value <= goal.most : value >= goal.least;
}

function line(figure: Figure, fits: boolean | undefined): string {
  const { name, value, unit, goal, more } = figure;
  const text = `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 3)} ${unit}`;
  const limit = goal && ("most" in goal ? `<= ${goal.most}` : `>= ${goal.least}`);
  const said = limit === undefined ? "" : `goal ${limit}: ${fits ? "met" : "MISSED"}`;
  return `${name.padEnd(62)} ${text.padStart(12)}  ${said.padEnd(20)} ${more ?? ""}`.trimEnd();
}

/** What a chart shows as values: its lines, their sums, and the same as a file of comma-separated values. Pure. */

export interface Line {
  readonly name: string;
  /** One for each time; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** The interval around each value. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  readonly dashed?: boolean;
}

export interface Plot {
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

/** The colours that lines have, by their place: six, then from the beginning. */
export const CHART_COLOURS = ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6"] as const;

export const colourOf = (place: number) => CHART_COLOURS[place % CHART_COLOURS.length] ?? CHART_COLOURS[0];

/** Return the lines put on one another: each value is the sum of its own and of those of the lines before it. */
export function stacked(lines: readonly Line[]): readonly (readonly number[])[] {
  const sums: number[] = [];
  return lines.map(({ values }) =>
    values.map((value, at) => {
      sums[at] = (sums[at] ?? 0) + (value ?? 0);
      return sums[at];
    }),
  );
}

/** Return rows as RFC 4180 has them; a text that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  const written = (value: string | number | null) => {
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(written).join(",")}\r\n`).join("");
}

/** Return a plot as the rows of a table: headings first, then a row for each time, with its intervals. */
export function rowsOf({ times, lines }: Plot): (string | number | null)[][] {
  const parts = lines.flatMap(({ name, values, low, high }) => [
    { name, values },
    ...(low && high
      ? [
          { name: `${name}: low`, values: low },
          { name: `${name}: high`, values: high },
        ]
      : []),
  ]);
  return [
    ["time", ...parts.map(({ name }) => name)],
    ...times.map((time, at) => [
      new Date(time * 1000).toISOString(),
      ...parts.map(({ values }) => values[at] ?? null),
    ]),
  ];
}

/** Return the next place of the cursor for a key, or null where the key is none of the chart's. */
export function moved(key: string, at: number | null, count: number): number | null {
  const last = count - 1;
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return last;
  const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[key];
  if (steps === undefined) return null;
  if (at === null) return steps > 0 ? 0 : last;
  return Math.min(last, Math.max(0, at + steps));
}

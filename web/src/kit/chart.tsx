/** Lines or bars over time: for eyes a canvas in the theme's colours, for everybody a table and a cursor on arrows. */

import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type uPlot from "uplot";
import { moment, t } from "@/app/words";
import { Button } from "./button";
import { csvOf, type Line, moved, type Plot, rowsOf } from "./chart_data";
import { COLOUR_NAMES, paint } from "./chart_paint";
import { classes } from "./classes";
import { saveFile } from "./save_file";
import { useThemeColours } from "./theme_colours";

export type { Line, Plot } from "./chart_data";

export interface ChartProps {
  /** What is shown, with its unit: "Labels an hour". */
  readonly label: string;
  /** Must be the same object while nothing in it changes. */
  readonly plot: Plot;
  /** Values are put on one another as bars. */
  readonly bars?: boolean;
  /** Must be the same function each time. */
  readonly format: (value: number) => string;
  readonly range?: readonly [number, number] | undefined;
  /** The file's name, without its ending. */
  readonly file: string;
  /** Where a mark leads: the items behind it. */
  readonly open?: ((at: number) => void) | undefined;
  /** What stands beside the buttons below. */
  readonly children?: ReactNode;
}

export function Chart({ label, plot, bars = false, format, range, file, open, children }: ChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const { place, cursorTo } = usePainted({ plot, bars, format, range, onCursor: setAt });
  const told = useId();
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = moved(event.key, at, plot.times.length);
    if (next !== null) cursorTo(next);
    else if (event.key === "Enter" && at !== null && open) open(at);
    else if (event.key === "Escape" && at !== null) cursorTo(null);
    else return;
    event.preventDefault();
  };
  return (
    <div className="flex flex-col gap-2">
      <Legend plot={plot} bars={bars} />
      <div
        ref={place}
        data-chart
        role="application"
        aria-label={t("{label}: a chart. Left and right arrows read its values.", { label })}
        aria-describedby={told}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its cursor is moved by keys
        tabIndex={0}
        onKeyDown={keys}
        onClick={() => at !== null && open?.(at)}
        className={classes("h-55 w-full rounded-md", open && at !== null && "cursor-pointer")}
      />
      <p id={told} aria-live="polite" className="min-h-5 text-sm text-quiet tabular-nums">
        {at === null ? t("Point, or press an arrow key, to read values.") : spoken(plot, at, format)}
        {at !== null && open && <span> {t("Enter or a click shows what is behind it.")}</span>}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {children}
        <Button size="sm" look="ghost" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? t("Hide the table") : t("Show as a table")}
        </Button>
        <Button
          size="sm"
          look="ghost"
          icon="download"
          aria-label={t("{label}: save as CSV", { label })}
          onClick={() => saveFile(`${file}.csv`, csvOf(rowsOf(plot)))}
        >
          CSV
        </Button>
      </div>
      {asTable && <PlotTable label={label} plot={plot} format={format} open={open} />}
    </div>
  );
}

type Painted = Pick<ChartProps, "plot" | "format" | "range"> & {
  readonly bars: boolean;
  readonly onCursor: (at: number | null) => void;
};

/** Keeps the canvas painted; `cursorTo` moves the cursor to one of the times. */
function usePainted({ plot, bars, format, range, onCursor }: Painted) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const colours = useThemeColours(COLOUR_NAMES);
  const [low, high] = range ?? [];
  useEffect(() => {
    if (!place.current) return;
    const span = low !== undefined && high !== undefined ? ([low, high] as const) : undefined;
    const [made, stop] = paint(place.current, { plot, bars, format, range: span, colours, onCursor });
    chart.current = made;
    return stop;
  }, [plot, bars, format, low, high, colours, onCursor]);
  const cursorTo = (at: number | null) => {
    const time = at === null ? undefined : plot.times[at];
    const left = time === undefined ? -10 : (chart.current?.valToPos(time, "x") ?? -10);
    chart.current?.setCursor({ left, top: at === null ? -10 : 10 });
    onCursor(at);
  };
  return { place, cursorTo };
}

function spoken({ times, lines }: Plot, at: number, format: (value: number) => string): string {
  const values = lines
    .filter(({ values }) => values[at] !== null && values[at] !== undefined)
    .map((line) => `${line.name} ${written(line, at, format)}`);
  return `${moment(new Date((times[at] ?? 0) * 1000))}: ${values.join(", ") || t("nothing")}.`;
}

function written({ values, low, high }: Line, at: number, format: (value: number) => string): string {
  const value = values[at];
  if (value === null || value === undefined) return "–";
  const [from, to] = [low?.[at], high?.[at]];
  return from == null || to == null ? format(value) : `${format(value)} (${format(from)} – ${format(to)})`;
}

/** The colours as Tailwind finds them in the source. */
const TEXTS = [
  "text-chart-1",
  "text-chart-2",
  "text-chart-3",
  "text-chart-4",
  "text-chart-5",
  "text-chart-6",
] as const;

function Legend({ plot, bars }: { readonly plot: Plot; readonly bars: boolean }) {
  if (plot.lines.length < 2) return null;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-quiet">
      {plot.lines.map(({ name, dashed }, place) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg
            viewBox="0 0 16 10"
            aria-hidden="true"
            className={classes("h-2.5 w-4", TEXTS[place % TEXTS.length])}
          >
            {bars ? (
              <rect x="3" width="10" height="10" rx="2" fill="currentColor" />
            ) : (
              <path
                d="M0 5h16"
                stroke="currentColor"
                strokeWidth="2.5"
                strokeDasharray={dashed ? "5 3" : undefined}
              />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

type PlotTableProps = Pick<ChartProps, "label" | "plot" | "format" | "open">;

const PlotTable = ({ label, plot, format, open }: PlotTableProps) => (
  <section
    aria-label={t("{label}: table", { label })}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is too long is scrolled by keys
    tabIndex={0}
    className="max-h-80 overflow-auto rounded-md border border-line"
  >
    <table className="w-full text-sm tabular-nums">
      <thead className="sticky top-0 bg-raised text-left text-quiet">
        <tr>
          {[t("Time"), ...plot.lines.map(({ name }) => name)].map((title, place) => (
            <th
              key={title}
              scope="col"
              className={classes("px-3 py-1.5 font-medium", place > 0 && "text-right")}
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {plot.times.map((time, at) => (
          <tr key={time}>
            <th scope="row" className="px-3 py-1 text-left font-normal whitespace-nowrap">
              {open ? (
                <button type="button" onClick={() => open(at)} className="underline-offset-2 hover:underline">
                  {moment(new Date(time * 1000))}
                </button>
              ) : (
                moment(new Date(time * 1000))
              )}
            </th>
            {plot.lines.map((line) => (
              <td key={line.name} className="px-3 py-1 text-right">
                {written(line, at, format)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

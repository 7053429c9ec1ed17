/** A plot as uPlot paints it: lines with their intervals, or bars put on one another. */

import uPlot from "uplot";
import { CHART_COLOURS, colourOf, type Plot, stacked } from "./chart_data";

export type Colours = Readonly<Record<(typeof CHART_COLOURS)[number] | "quiet" | "line", string>>;
export const COLOUR_NAMES = [...CHART_COLOURS, "quiet", "line"] as const;

export interface Painting {
  readonly plot: Plot;
  readonly bars: boolean;
  readonly format: (value: number) => string;
  /** The least and greatest value that are drawn; without it the data decide. */
  readonly range: readonly [number, number] | undefined;
  readonly colours: Colours;
  readonly onCursor: (at: number | null) => void;
}

const HEIGHT_PIXELS = 220;
const AXIS_PIXELS = 64;
const BAND_OPACITY = "2e";
const FONT = "12px system-ui, sans-serif";
const POINTS_SHOWN_MAX = 120;

/** Paints in an element until the returned function is called. */
export function paint(element: HTMLElement, painting: Painting): [uPlot, () => void] {
  const chart = new uPlot(options(element.clientWidth, painting), columns(painting), element);
  const watcher = new ResizeObserver(() =>
    chart.setSize({ width: element.clientWidth, height: HEIGHT_PIXELS }),
  );
  watcher.observe(element);
  const stop = () => {
    watcher.disconnect();
    chart.destroy();
  };
  return [chart, stop];
}

function options(width: number, { plot, bars, format, range, colours, onCursor }: Painting): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colours.quiet,
    font: FONT,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
  };
  const time: uPlot.Scale = { time: true, ...((bars || plot.times.length < 2) && { range: padded(plot) }) };
  const value: uPlot.Scale = range
    ? { range: [range[0], range[1]] }
    : { range: (_chart, _low, high) => [0, (high || 1) * 1.08] };
  return {
    width,
    height: HEIGHT_PIXELS,
    legend: { show: false },
    scales: { x: time, y: value },
    cursor: { y: false, points: { show: !bars }, drag: { x: false, y: false } },
    axes: [
      { ...axis, grid: { show: false } },
      { ...axis, size: AXIS_PIXELS, values: (_chart, values) => values.map(format) },
    ],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
    ...(bars ? barSeries(plot, colours) : lineSeries(plot, colours)),
  };
}

/** Half a step of room at both ends, so that the first and last bar are whole. */
const padded = ({ times }: Plot): [number, number] => {
  const [first = 0, second = first + 3600] = times;
  const half = (second - first) / 2;
  return [first - half, (times.at(-1) ?? first) + half];
};

type Series = Pick<uPlot.Options, "series" | "bands">;

/** The topmost sum is painted first, so that each bar shows what stands out below it. */
function barSeries({ lines }: Plot, colours: Colours): Series {
  const paths = uPlot.paths.bars?.({ size: [0.82, 48] });
  const series = lines.map((_, place) => {
    const colour = colours[colourOf(place)];
    return { fill: colour, stroke: colour, width: 0, points: { show: false }, ...(paths && { paths }) };
  });
  return { series: [{}, ...series.reverse()] };
}

function lineSeries({ times, lines }: Plot, colours: Colours): Series {
  const show = times.length <= POINTS_SHOWN_MAX;
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  lines.forEach(({ low, high, dashed }, place) => {
    const stroke = colours[colourOf(place)];
    if (low && high) {
      bands.push({ series: [series.length, series.length + 1], fill: stroke + BAND_OPACITY });
      series.push({ width: 0, points: { show: false } }, { width: 0, points: { show: false } });
    }
    series.push({
      stroke,
      width: 2,
      points: { show, size: 5 },
      spanGaps: true,
      ...(dashed && { dash: [6, 4] }),
    });
  });
  return { series, bands };
}

/** The columns in the order of the series. */
function columns({ plot, bars }: Painting): uPlot.AlignedData {
  const { times, lines } = plot;
  const values: (readonly (number | null)[])[] = bars
    ? [...stacked(lines)].reverse()
    : lines.flatMap(({ values, low, high }) => (low && high ? [high, low, values] : [values]));
  return [[...times], ...values.map((column) => [...column])];
}

/** Shares with their intervals, one below the other on one scale from 0 to 1: a dot, a stroke around it, and words. */

import type { ReactNode } from "react";
import { t } from "@/app/words";

export interface Interval {
  readonly id: string;
  /** Its name: a link to what is behind it. */
  readonly name: ReactNode;
  /** From 0 to 1; null where it is not known. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** What it rests on, in a few words. */
  readonly basis: string;
}

export interface IntervalsProps {
  readonly label: string;
  /** What a row is: "Label", "Person". */
  readonly of: string;
  readonly rows: readonly Interval[];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const place = (share: number) => `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;

export const Intervals = ({ label, of, rows }: IntervalsProps) => (
  <table aria-label={label} className="w-full table-fixed text-base tabular-nums">
    <thead className="text-left text-sm text-quiet">
      <tr>
        <th scope="col" className="w-2/6 pb-1 font-medium">
          {of}
        </th>
        <th scope="col" className="pb-1 font-medium">
          <span className="flex justify-between">
            <span>0</span>
            <span>1</span>
          </span>
        </th>
        <th scope="col" className="w-32 pb-1 text-right font-medium">
          {t("Value, 95 %")}
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ id, name, value, low, high, basis }) => (
        <tr key={id} className="hover:bg-hover">
          <th scope="row" className="truncate py-1.5 pr-3 text-left font-medium">
            {name}
            <span className="block truncate text-sm font-normal text-quiet">{basis}</span>
          </th>
          <td className="py-1.5">{value !== null && <Stroke {...{ value, low, high }} />}</td>
          <td className="py-1.5 text-right">
            {value === null ? <span className="text-quiet">{t("not known")}</span> : percent(value)}
            {low !== null && high !== null && (
              <span className="block text-sm text-quiet">
                {percent(low)} – {percent(high)}
              </span>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

type StrokeProps = { readonly value: number } & Pick<Interval, "low" | "high">;

const Stroke = ({ value, low, high }: StrokeProps) => (
  <svg aria-hidden="true" className="block h-5 w-full overflow-visible text-chart-1">
    <line x1="0" x2="100%" y1="10" y2="10" className="stroke-line" strokeWidth="1" />
    {low !== null && high !== null && (
      <line
        x1={place(low)}
        x2={place(high)}
        y1="10"
        y2="10"
        stroke="currentColor"
        strokeWidth="6"
        strokeLinecap="round"
        opacity="0.35"
      />
    )}
    <circle cx={place(value)} cy="10" r="4.5" fill="currentColor" />
  </svg>
);

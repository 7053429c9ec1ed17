/** What did not go in: file, line, place and reason of each, to read and to take along. */

import { useState } from "react";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { saveFile } from "@/kit/save_file";
import type { Refused } from "./values";

const SHOWN = 50;
const CELL = "px-3 py-1.5 align-top";

export interface ReportProps {
  readonly refused: readonly Refused[];
  /** How many there are; reasons are kept of the first. */
  readonly total: number;
  /** What the file with all of them is called. */
  readonly name: string;
}

export function Report({ refused, total, name }: ReportProps) {
  const [all, setAll] = useState(false);
  if (refused.length === 0) return null;
  const shown = all ? refused : refused.slice(0, SHOWN);
  return (
    <section aria-label={t("What did not go in")} className="rounded-lg border border-line bg-raised">
      <header className="flex flex-wrap items-center gap-3 border-b border-line px-3 py-2">
        <h3 className="flex-1 font-semibold">
          {t("{total, plural, one {# row did not go in} other {# rows did not go in}}", { total })}
        </h3>
        <Button
          size="sm"
          icon="download"
          onClick={() => saveFile(`${name} – refused.csv`, `${asTable(refused)}\r\n`)}
        >
          {t("Download the list")}
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is too long is scrolled by keys */}
      <section tabIndex={0} className="max-h-80 overflow-auto" aria-label={t("Refused rows")}>
        <table className="w-full border-collapse text-left text-sm">
          <thead className="text-quiet">
            <tr className="border-b border-line">
              {[t("File"), t("Line"), t("Place"), t("Why")].map((title) => (
                <th key={title} scope="col" className={`${CELL} font-medium`}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ file, line, path, reason }) => (
              <tr key={`${file} ${line} ${path}`} className="border-b border-line last:border-0">
                <td className={`${CELL} max-w-48 break-words`}>{file}</td>
                <td className={`${CELL} tabular-nums`}>{line === null ? "–" : counted(line)}</td>
                <td className={`${CELL} font-mono text-xs`}>{path ?? "–"}</td>
                <td className={`${CELL} min-w-64 break-words`}>{plain(reason, path)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {(shown.length < refused.length || refused.length < total) && (
        <footer className="flex items-center gap-3 border-t border-line px-3 py-2 text-sm text-quiet">
          {shown.length < refused.length && (
            <Button size="sm" look="ghost" onClick={() => setAll(true)}>
              {t("Show all {count}", { count: counted(refused.length) })}
            </Button>
          )}
          {refused.length < total &&
            t("The reasons of the first {count} are kept.", { count: counted(refused.length) })}
        </footer>
      )}
    </section>
  );
}

/** The place stands in a column of its own. */
const plain = (reason: string, path: string | null): string =>
  path !== null && reason.startsWith(`${path}: `) ? reason.slice(path.length + 2) : reason;

/** A cell of a table as spreadsheets read it; none is taken for a formula. */
const quoted = (cell: string): string => `"${/^[=+\-@]/.test(cell) ? "'" : ""}${cell.replaceAll('"', '""')}"`;

/** Return the rows as a table in CSV. */
export const asTable = (refused: readonly Refused[]): string =>
  [
    "file,line,place,reason",
    ...refused.map(({ file, line, path, reason }) =>
      [quoted(file), line ?? "", quoted(path ?? ""), quoted(reason)].join(","),
    ),
  ].join("\r\n");

/** A plain table: headings that sort, rows that are chosen by pointer and by keys, what stands there while it loads. */

import { type ReactNode, useState } from "react";
import { t } from "@/app/words";
import { classes } from "./classes";
import { Icon } from "./icon";
import { Skeleton } from "./shown";
import { type Choice, chosenKeys, chosenPointer } from "./table_choice";

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** What it is sorted by; a column without it is not sorted. */
  readonly value?: (row: Row) => string | number | null;
  /** Numbers stand at the right. */
  readonly end?: boolean;
  /** The title is read but not drawn: buttons and menus. */
  readonly bare?: boolean;
  readonly className?: string;
}

export interface TableProps<Row> {
  /** What is listed, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Nothing while it loads. */
  readonly rows: readonly Row[] | undefined;
  readonly keyOf: (row: Row) => string;
  /** What a row is called: the name of its box. */
  readonly nameOf: (row: Row) => string;
  /** Keys of the rows that are chosen; without it rows have no boxes. */
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
  /** Stands in place of rows where there are none. */
  readonly empty: ReactNode;
}

interface Order {
  readonly column: string;
  readonly down: boolean;
}

const CELL = "px-3 py-2 align-middle";
const ROWS_WHILE_LOADING = ["one", "two", "three", "four"];

export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  nameOf,
  chosen,
  onChoose,
  empty,
}: TableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(null);
  const shown = rows && inOrder(rows, columns, order);
  const choice = shown && chosen && onChoose && { keys: shown.map(keyOf), chosen, onChoose };
  if (shown?.length === 0) return <div className="rounded-lg border border-line bg-raised">{empty}</div>;
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what is too wide is scrolled by keys
      tabIndex={0}
      className="overflow-x-auto rounded-lg border border-line bg-raised"
    >
      <table aria-label={label} aria-busy={!shown} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line">
            {chosen && <ChooseAll choice={choice} />}
            {columns.map((column) => (
              <Heading key={column.id} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {shown ? (
            shown.map((row) => (
              <TableRow key={keyOf(row)} row={row} id={keyOf(row)} {...{ columns, nameOf, choice }} />
            ))
          ) : (
            <Loading columns={columns.length + (chosen ? 1 : 0)} />
          )}
        </tbody>
      </table>
    </section>
  );
}

/** Orders rows by a column, those without a value last. */
export function inOrder<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const value = columns.find(({ id }) => id === order?.column)?.value;
  if (!order || !value) return rows;
  const sign = order.down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right));
  });
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | null;
  readonly onOrder: (order: Order | null) => void;
}

function Heading<Row>({ column, order, onOrder }: HeadingProps<Row>) {
  const { id, title, value, end, bare, className } = column;
  const sorted = order?.column === id ? order : null;
  // Up, down, and as it came.
  const next = () =>
    onOrder(!sorted ? { column: id, down: false } : sorted.down ? null : { ...sorted, down: true });
  const mark = sorted?.down ? "chevronDown" : "chevronUp";
  const words = <span className={bare ? "sr-only" : ""}>{title}</span>;
  return (
    <th
      scope="col"
      aria-sort={!value ? undefined : !sorted ? "none" : sorted.down ? "descending" : "ascending"}
      className={classes(
        "h-9 px-3 text-sm font-medium whitespace-nowrap text-quiet",
        end && "text-right",
        className,
      )}
    >
      {value ? (
        <button
          type="button"
          onClick={next}
          className={classes(
            "inline-flex items-center gap-1 rounded-sm hover:text-ink",
            end && "flex-row-reverse",
          )}
        >
          {words}
          <Icon name={mark} className={classes("size-3", !sorted && "opacity-0")} />
        </button>
      ) : (
        words
      )}
    </th>
  );
}

function ChooseAll({ choice }: { readonly choice: Choice | undefined }) {
  const count = choice?.keys.filter((key) => choice.chosen.has(key)).length ?? 0;
  const all = count > 0 && count === choice?.keys.length;
  const turn = () => {
    const chosen = new Set(choice?.chosen);
    for (const key of choice?.keys ?? []) all ? chosen.delete(key) : chosen.add(key);
    choice?.onChoose(chosen);
  };
  return (
    <th scope="col" className="w-10 pl-3">
      <input
        type="checkbox"
        aria-label={t("Choose all rows shown")}
        disabled={!choice}
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = count > 0 && !all;
        }}
        onChange={turn}
        className="block size-4 accent-accent"
      />
    </th>
  );
}

interface RowProps<Row> {
  readonly row: Row;
  readonly id: string;
  readonly columns: readonly Column<Row>[];
  readonly nameOf: (row: Row) => string;
  readonly choice: Choice | undefined;
}

function TableRow<Row>({ row, id, columns, nameOf, choice }: RowProps<Row>) {
  const chosen = choice?.chosen.has(id) ?? false;
  return (
    <tr className={classes("transition-colors", chosen ? "bg-accent-soft/60" : "hover:bg-hover")}>
      {choice && (
        <td className="w-10 pl-3">
          <input
            type="checkbox"
            data-choose
            aria-label={t("Choose {name}", { name: nameOf(row) })}
            checked={chosen}
            onClick={(event) => chosenPointer(choice, id, event)}
            onKeyDown={(event) => chosenKeys(choice, id, event)}
            // Clicks say what happens: they know of Shift.
            onChange={() => undefined}
            className="block size-4 accent-accent"
          />
        </td>
      )}
      {columns.map(({ id: column, cell, end, className }) => (
        <td key={column} className={classes(CELL, end && "text-right tabular-nums", className)}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

const Loading = ({ columns }: { readonly columns: number }) => (
  <>
    {ROWS_WHILE_LOADING.map((name, at) => (
      <tr key={name}>
        <td colSpan={columns} className={CELL}>
          {at === 0 && (
            <span role="status" className="sr-only">
              {t("Loading…")}
            </span>
          )}
          <Skeleton className="h-6" />
        </td>
      </tr>
    ))}
  </>
);

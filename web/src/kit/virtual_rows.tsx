/** Rows or tiles without end: what is seen is drawn, the scroll bar has the whole length, keys reach everything. */

import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { classes } from "./classes";
import { between, moved, type Stretch } from "./virtual_moves";

export type { Stretch } from "./virtual_moves";

export interface VirtualRowsProps {
  /** What is listed, for screen readers. */
  readonly label: string;
  readonly count: number;
  readonly rowPixels: number;
  /** Tiles of at least this width stand beside each other; without it each position is a row. */
  readonly tilePixels?: number;
  /** The gridcells of a row (`<div role="gridcell">`), or what is inside a tile. Must not change between drawings. */
  readonly draw: (position: number) => ReactNode;
  /** How the cells of a row stand beside each other; not for tiles. */
  readonly rowClassName?: string;
  /** A row of `columnheader`s that stays in sight, and how high it is. */
  readonly heading?: { readonly row: ReactNode; readonly pixels: number };
  readonly isChosen: (position: number) => boolean;
  /** A click on what has `data-choose`, Space, or with Shift from the last one to here; Ctrl+A: all. */
  readonly onChoose: (stretch: Stretch) => void;
  /** Esc. */
  readonly onClear: () => void;
  /** Enter, or a click anywhere else. */
  readonly onOpen: (position: number) => void;
  /** Which positions are in sight, both ends within. */
  readonly onSeen: (first: number, last: number) => void;
  /** Where the keys stand at first. */
  readonly start?: number;
  readonly className?: string;
}

const ROWS_BEYOND = 6;

/** What the parts of a grid are: elements of a table cannot be laid out this way, so ARIA says it. */
export const PART = {
  group: { role: "rowgroup" },
  row: { role: "row" },
  headings: { role: "row", "aria-rowindex": 1 },
  heading: { role: "columnheader" },
  cell: { role: "gridcell" },
} as const;

export function VirtualRows(props: VirtualRowsProps) {
  const { label, count, rowPixels, tilePixels, heading, onSeen, start = 0, className } = props;
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  const across = useAcross(place, tilePixels);
  const [at, setAt] = useState(start);
  const stood = Math.min(at, Math.max(0, count - 1));
  const rows = Math.ceil(count / across);
  const above = heading?.pixels ?? 0;
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => place.current,
    estimateSize: () => rowPixels,
    overscan: ROWS_BEYOND,
    scrollMargin: above,
    scrollPaddingStart: above,
    initialOffset: start > 0 ? Math.floor(start / across) * rowPixels : 0,
    // Where the keys stand is always drawn: the grid refers to it.
    rangeExtractor: (range: Range) => withRow(defaultRangeExtractor(range), Math.floor(stood / across), rows),
  });
  const { startIndex = 0, endIndex = 0 } = virtual.range ?? {};
  useEffect(() => {
    if (count > 0) onSeen(startIndex * across, Math.min(count, (endIndex + 1) * across) - 1);
  }, [startIndex, endIndex, across, count, onSeen]);
  const go = (position: number) => {
    setAt(position);
    virtual.scrollToIndex(Math.floor(position / across));
  };
  const page = across * Math.max(1, Math.floor((place.current?.clientHeight ?? 0) / rowPixels) - 1);
  const keys = useKeys(props, { count, across, page }, stood, go);
  const clicks = useClicks(props, setAt, stood);
  return (
    // biome-ignore lint/a11y/useSemanticElements: elements of a table cannot be laid out this way
    <div
      ref={place}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable
      aria-rowcount={rows + (heading ? 1 : 0)}
      aria-colcount={tilePixels === undefined ? undefined : across}
      aria-activedescendant={count > 0 ? `${id}-${stood}` : undefined}
      onKeyDown={keys}
      onClick={clicks}
      className={classes(
        "group/rows relative overflow-y-auto overscroll-contain focus-visible:outline-none",
        className,
      )}
    >
      {heading && (
        <div {...PART.group} className="sticky top-0 z-10">
          {heading.row}
        </div>
      )}
      <div {...PART.group} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => (
          <Row
            key={row.index}
            {...{
              id,
              row,
              across,
              count,
              at: stood,
              headings: heading ? 1 : 0,
              tiles: tilePixels !== undefined,
            }}
            {...{ draw: props.draw, isChosen: props.isChosen, top: row.start - above }}
            rowClassName={props.rowClassName}
          />
        ))}
      </div>
    </div>
  );
}

/** Adds a row to those that are drawn, in its order. */
function withRow(drawn: number[], row: number, rows: number): number[] {
  if (row >= rows || drawn.includes(row)) return drawn;
  return [...drawn, row].sort((one, other) => one - other);
}

interface Drawn extends Pick<VirtualRowsProps, "draw" | "isChosen"> {
  readonly rowClassName: string | undefined;
  readonly id: string;
  readonly row: VirtualItem;
  readonly top: number;
  readonly across: number;
  readonly count: number;
  readonly at: number;
  readonly headings: number;
  readonly tiles: boolean;
}

const LOOK =
  "cursor-default group-focus-visible/rows:data-[at=true]:outline-2 outline-focus -outline-offset-2";

/** Scrolling draws a row when it comes into sight, and not again. */
const Row = memo(function Row({
  id,
  row,
  top,
  across,
  count,
  at,
  headings,
  tiles,
  draw,
  isChosen,
  rowClassName = "flex",
}: Drawn) {
  const style = { height: row.size, transform: `translateY(${top}px)` };
  const shared = { "aria-rowindex": row.index + 1 + headings, style };
  const first = row.index * across;
  if (!tiles)
    return (
      // biome-ignore lint/a11y/useSemanticElements: as above
      // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and says which row is meant
      <div
        {...shared}
        role="row"
        id={`${id}-${first}`}
        data-position={first}
        data-at={first === at}
        aria-selected={isChosen(first)}
        className={classes(LOOK, "group/row absolute inset-x-0 top-0", rowClassName)}
      >
        <Inside position={first} draw={draw} />
      </div>
    );
  return (
    <div {...shared} {...PART.row} className="absolute inset-x-0 top-0 flex">
      {Array.from({ length: Math.min(across, count - first) }, (_, column) => first + column).map(
        (position) => (
          <div
            key={position}
            {...PART.cell}
            {...{ "aria-colindex": position - first + 1, "aria-selected": isChosen(position) }}
            id={`${id}-${position}`}
            data-position={position}
            data-at={position === at}
            style={{ width: `${100 / across}%` }}
            className={classes(LOOK, "group/row min-w-0")}
          >
            <Inside position={position} draw={draw} />
          </div>
        ),
      )}
    </div>
  );
});

/** Drawn once for a position, however the grid scrolls. */
const Inside = memo(function Inside({
  position,
  draw,
}: {
  position: number;
  draw: VirtualRowsProps["draw"];
}) {
  return draw(position);
});

/** How many tiles stand beside each other. */
function useAcross(place: RefObject<HTMLElement | null>, tilePixels: number | undefined): number {
  const [across, setAcross] = useState(1);
  useLayoutEffect(() => {
    const element = place.current;
    if (tilePixels === undefined || !element) return setAcross(1);
    const measure = () => setAcross(Math.max(1, Math.floor(element.clientWidth / tilePixels)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, tilePixels]);
  return across;
}

function useKeys(
  { onChoose, onClear, onOpen }: VirtualRowsProps,
  extent: Parameters<typeof moved>[2],
  at: number,
  go: (position: number) => void,
) {
  const anchor = useRef<number | null>(null);
  return (event: KeyboardEvent) => {
    const { key, shiftKey: shift } = event;
    const to = event.altKey ? null : moved(key, at, extent);
    if (to !== null) {
      if (shift) anchor.current ??= at;
      else anchor.current = null;
      if (shift) onChoose({ ...between(anchor.current ?? at, to), how: "add" });
      go(to);
    } else if (extent.count === 0) return;
    else if (key === " ") onChoose({ from: at, to: at, how: "turn" });
    else if (key === "Enter") onOpen(at);
    else if (key === "Escape") onClear();
    else if (key === "a" && (event.ctrlKey || event.metaKey))
      onChoose({ from: 0, to: extent.count - 1, how: "add" });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function useClicks({ onChoose, onOpen }: VirtualRowsProps, setAt: (at: number) => void, at: number) {
  return (event: MouseEvent<HTMLElement>) => {
    const target = event.target as Element;
    const position = Number(target.closest("[data-position]")?.getAttribute("data-position") ?? "x");
    if (Number.isNaN(position)) return;
    setAt(position);
    if (event.shiftKey) onChoose({ ...between(at, position), how: "add" });
    else if (event.ctrlKey || event.metaKey || target.closest("[data-choose]"))
      onChoose({ from: position, to: position, how: "turn" });
    else onOpen(position);
  };
}

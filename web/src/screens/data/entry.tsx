/** A task of the list, and of the grid. */

import { t } from "@/app/words";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { Skeleton } from "@/kit/shown";
import { PART } from "@/kit/virtual_rows";
import type { Found } from "./looking";
import { type Colour, Share, StateBadge, Told } from "./told";

export const LIST_ROW_PIXELS = 52;
export const TILE = { width: 208, height: 232 };
export const COLUMNS =
  "grid grid-cols-[2.5rem_minmax(0,3fr)_minmax(0,2.2fr)_6.5rem] md:grid-cols-[2.5rem_minmax(0,3fr)_minmax(0,2.4fr)_5.5rem_5.5rem_5rem_6.5rem]";

const CELL = "flex items-center border-b border-line px-2 group-aria-selected/row:bg-accent-soft";
const WIDE = "hidden md:flex";

export interface EntryProps {
  readonly found: Found | undefined;
  readonly colour: Colour;
}

/** The box of a task: drawn only, since the grid says what is chosen and its keys choose. */
const Box = ({ className }: { readonly className?: string }) => (
  <span
    data-choose
    aria-hidden="true"
    className={classes(
      "inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-raised text-transparent",
      "group-aria-selected/row:border-accent group-aria-selected/row:bg-accent group-aria-selected/row:text-on-accent",
      className,
    )}
  >
    <Icon name="check" className="size-3" />
  </span>
);

export function ListEntry({ found, colour }: EntryProps) {
  if (!found)
    return (
      <div {...PART.cell} aria-busy className="col-span-full flex items-center border-b border-line px-3">
        <Skeleton className="h-6 w-full" />
      </div>
    );
  return (
    <>
      <div {...PART.cell} data-choose className={classes(CELL, "justify-center")}>
        <Box />
      </div>
      <div {...PART.cell} className={classes(CELL, "min-w-0 gap-3 group-hover/row:bg-hover")}>
        {found.thumbnail && <Picture found={found} className="h-10 w-14 rounded-sm" />}
        <span className="min-w-0 flex-1">
          <span className="block truncate">{found.text ?? found.unique_id}</span>
          {found.text !== null && (
            <span className="block truncate text-xs text-quiet">{found.unique_id}</span>
          )}
        </span>
        {found.issues > 0 && <Issues count={found.issues} />}
      </div>
      <div {...PART.cell} className={classes(CELL, "min-w-0 group-hover/row:bg-hover")}>
        <Told told={found.told} colour={colour} className="max-h-5" />
      </div>
      <div {...PART.cell} className={classes(CELL, WIDE, "justify-end group-hover/row:bg-hover")}>
        <Share share={found.agreement} of={t("Agreement")} />
      </div>
      <div {...PART.cell} className={classes(CELL, WIDE, "justify-end group-hover/row:bg-hover")}>
        <Share share={found.confidence} of={t("Confidence")} />
      </div>
      <div {...PART.cell} className={classes(CELL, WIDE, "justify-end group-hover/row:bg-hover")}>
        <Answers found={found} />
      </div>
      <div {...PART.cell} className={classes(CELL, "group-hover/row:bg-hover")}>
        <StateBadge state={found.state} />
      </div>
    </>
  );
}

const Answers = ({ found }: { readonly found: Found }) => (
  <span className="text-sm tabular-nums">
    <span className="sr-only">
      {t("{answered} of {overlap} answers", { answered: found.answered, overlap: found.overlap })}
    </span>
    <span aria-hidden="true">
      {found.answered}/{found.overlap}
    </span>
  </span>
);

const Issues = ({ count }: { readonly count: number }) => (
  <span className="inline-flex shrink-0 items-center gap-1 text-xs text-warn">
    <Icon name="flag" className="size-3.5" />
    <span className="sr-only">{t("Open issues:")}</span>
    {count}
  </span>
);

/** The small picture of an asset; its name stands beside it. */
const Picture = ({ found, className }: { readonly found: Found; readonly className: string }) => (
  <img
    src={found.thumbnail ?? ""}
    alt=""
    loading="lazy"
    decoding="async"
    draggable={false}
    className={classes("shrink-0 bg-media object-cover", className)}
  />
);

export function TileEntry({ found, colour }: EntryProps) {
  if (!found) return <Skeleton className="m-1.5 h-[calc(100%-0.75rem)]" />;
  return (
    <div className="relative m-1.5 flex h-[calc(100%-0.75rem)] flex-col overflow-hidden rounded-lg border border-line bg-raised group-hover/row:border-line-strong group-aria-selected/row:border-accent group-aria-selected/row:bg-accent-soft">
      <span data-choose className="absolute top-0 left-0 z-10 p-2">
        <Box />
      </span>
      {found.thumbnail ? (
        <Picture found={found} className="h-32 w-full" />
      ) : (
        <p className="h-32 overflow-hidden bg-sunken px-3 pt-7 pb-2 text-sm leading-snug break-words">
          {found.text}
        </p>
      )}
      <div className="flex min-h-0 flex-1 flex-col gap-1.5 p-2">
        <Told told={found.told} colour={colour} className="max-h-5" />
        <span className="flex items-center gap-2 text-xs text-quiet">
          <span className="min-w-0 flex-1 truncate">{found.unique_id}</span>
          {found.issues > 0 && <Issues count={found.issues} />}
        </span>
        <span className="mt-auto flex items-center justify-between gap-2">
          <StateBadge state={found.state} />
          <span className="flex items-center gap-2 text-quiet">
            {found.agreement !== null && <Share share={found.agreement} of={t("Agreement")} />}
            <Answers found={found} />
          </span>
        </span>
      </div>
    </div>
  );
}

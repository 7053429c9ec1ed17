/** Every mark as a line that takes the focus: what can be done on the canvas can be done here without it. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useMemo, useRef } from "react";
import { t } from "@/app/words";
import { allMarks } from "@/engine/document/answer";
import type { Action, Definition, Document, Mark, MarkId, ToolName } from "@/engine/document/values";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { colourOf } from "./labels";

const LINE_PIXELS = 34;

export interface ObjectListProps {
  readonly document: Document;
  readonly definition: Definition;
  readonly tools: ReadonlySet<ToolName>;
  readonly selection: ReadonlySet<MarkId>;
  readonly select: (ids: Iterable<MarkId>) => void;
  readonly perform: (action: Action) => void;
  readonly accept: (ids: ReadonlySet<MarkId>) => void;
}

export function ObjectList(props: ObjectListProps) {
  const { document, definition, tools, selection, select, perform, accept } = props;
  const acts = { definition, select, perform, accept };
  const lines = useMemo(() => allMarks(document).filter(({ tool }) => tools.has(tool)), [document, tools]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PIXELS,
    overscan: 8,
  });
  const [first] = selection;
  const place = first === undefined ? -1 : lines.findIndex(({ mark }) => mark.id === first);
  useEffect(() => {
    if (place < 0) return;
    // With the frame after this one: what was chosen is to be seen on the item first.
    let asked = requestAnimationFrame(() => {
      asked = requestAnimationFrame(() => virtual.scrollToIndex(place, { align: "auto" }));
    });
    return () => cancelAnimationFrame(asked);
  }, [place, virtual]);
  if (lines.length === 0) {
    return <p className="px-3 py-6 text-center text-sm text-quiet">{t("Nothing is marked yet.")}</p>;
  }
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label={t("Marks")} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          if (!line) return null;
          const chosen = selection.has(line.mark.id);
          return <Line key={key} top={start} number={index + 1} chosen={chosen} {...line} {...acts} />;
        })}
      </ul>
    </div>
  );
}

interface LineProps extends Pick<ObjectListProps, "definition" | "select" | "perform" | "accept"> {
  readonly tool: ToolName;
  readonly mark: Mark;
  readonly top: number;
  readonly number: number;
  readonly chosen: boolean;
}

/** Drawn anew only when it changes: choosing one mark draws two of them. */
const Line = memo(({ tool, mark, top, number, chosen, ...props }: LineProps) => {
  const colour = colourOf(props.definition, mark.label);
  return (
    <li
      className={classes(
        "group absolute inset-x-0 flex h-8 items-center gap-1 rounded-md pr-1",
        chosen && "bg-accent-soft",
      )}
      style={{ top }}
    >
      <button
        type="button"
        aria-pressed={chosen}
        onClick={() => props.select([mark.id])}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-hover"
      >
        <span className="w-6 shrink-0 text-right text-quiet tabular-nums">{number}</span>
        <svg width="10" height="10" aria-hidden="true" className="shrink-0">
          <rect width="10" height="10" rx="3" fill={colour} />
        </svg>
        <span className={classes("min-w-0 truncate", mark.hidden && "text-quiet line-through")}>
          {mark.label}
        </span>
        <span className="truncate text-xs text-quiet">{said(tool, mark)}</span>
        {mark.suggested && (
          <>
            <Icon name="sparkle" className="size-3.5 text-warn" />
            <span className="sr-only">{t("suggested")}</span>
          </>
        )}
      </button>
      <LineButtons tool={tool} mark={mark} {...props} />
    </li>
  );
});

function LineButtons({
  tool,
  mark,
  perform,
  accept,
}: Pick<LineProps, "tool" | "mark" | "perform" | "accept">) {
  const change = (changes: Partial<Mark>) => perform({ kind: "change", tool, id: mark.id, change: changes });
  const name = mark.label;
  return (
    <span className="flex shrink-0 items-center opacity-60 group-focus-within:opacity-100 group-hover:opacity-100">
      {mark.suggested && (
        <IconButton
          size="sm"
          icon="check"
          label={t("Accept {name}", { name })}
          onClick={() => accept(new Set([mark.id]))}
        />
      )}
      <IconButton
        size="sm"
        icon={mark.hidden ? "eyeClosed" : "eye"}
        label={mark.hidden ? t("Show {name}", { name }) : t("Hide {name}", { name })}
        onClick={() => change({ hidden: !mark.hidden })}
      />
      <IconButton
        size="sm"
        icon={mark.locked ? "lock" : "unlock"}
        label={mark.locked ? t("Unlock {name}", { name }) : t("Lock {name}", { name })}
        onClick={() => change({ locked: !mark.locked })}
      />
      <IconButton
        size="sm"
        icon="trash"
        label={t("Delete {name}", { name })}
        disabled={mark.locked === true}
        onClick={() => perform({ kind: "remove", tool, ids: [mark.id] })}
      />
    </span>
  );
}

/** Return a mark's place in a few signs, so that lines with one label differ. */
function said(tool: ToolName, { geometry }: Mark): string {
  const { start, end, x, y, id, start_frame, end_frame, keyframes } = geometry;
  if (typeof start === "number" && typeof end === "number") return `${start}–${end}`;
  if (typeof x === "number" && typeof y === "number") return `${Math.round(x)}, ${Math.round(y)}`;
  if (typeof start_frame === "number" && typeof end_frame === "number")
    return t("frames {first} to {last}", { first: start_frame, last: end_frame - 1 });
  if (typeof id === "string" && Array.isArray(keyframes))
    return t("{id}, {count, plural, one {# keyframe} other {# keyframes}}", { id, count: keyframes.length });
  return tool.replaceAll("_", " ");
}

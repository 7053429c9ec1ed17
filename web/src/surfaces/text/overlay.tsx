/** What lies over the text: tags of spans, arcs of relations, handles of borders, pins of issues. */

import { memo, type PointerEvent as ReactPointerEvent, useCallback, useRef } from "react";
import { t } from "@/app/words";
import { inkOn, type Sign } from "@/engine/document/colours";
import type { MarkId } from "@/engine/document/values";
import { TAG_HEIGHT, type Tag } from "@/engine/text/placing";
import type { Border } from "@/engine/text/spans";
import { classes } from "@/kit/classes";
import type { Handle, Signs } from "./signs";

interface OverlayProps {
  readonly signs: Signs;
  readonly signOf: (label: string) => Sign;
  readonly selection: ReadonlySet<MarkId>;
  readonly border: Border | null;
  readonly choose: (id: MarkId, more: boolean) => void;
  readonly chooseRelation: (id: MarkId) => void;
  readonly dragBorder: ((border: Border, x: number, y: number) => void) | null;
}

export function Overlay(props: OverlayProps) {
  const { signs, dragBorder, border, choose, selection } = props;
  // The tags of what is selected are drawn once more, ringed, so that all the others stay as they are.
  const ringed = signs.tags.filter(({ span }) => selection.has(span.mark.id));
  const latest = useRef(choose);
  latest.current = choose;
  const chosen = useCallback((id: MarkId, more: boolean) => latest.current(id, more), []);
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0">
        {/* A picture of its own, which is kept while what lies over it changes. */}
        <div className="absolute inset-0 isolate">
          <Tags tags={signs.tags} signOf={props.signOf} choose={chosen} />
        </div>
        <Tags tags={ringed} signOf={props.signOf} choose={chosen} ringed />
        {signs.handles &&
          dragBorder &&
          (["start", "end"] as const).map((side) => (
            <Grip
              key={side}
              side={side}
              at={signs.handles?.[side] ?? null}
              held={border === side}
              drag={(x, y) => dragBorder(side, x, y)}
            />
          ))}
      </div>
      <Arcs {...props} />
    </>
  );
}

interface TagsProps extends Pick<OverlayProps, "signOf" | "choose"> {
  readonly tags: readonly Tag[];
  readonly ringed?: boolean;
}

/** Drawn anew only when they change: there may be hundreds of them. */
const Tags = memo(({ tags, ...props }: TagsProps) =>
  tags.map((tag) => <SpanTag key={`${tag.span.mark.id} ${tag.part}`} tag={tag} {...props} />),
);

interface SpanTagProps extends Omit<TagsProps, "tags"> {
  readonly tag: Tag;
}

const SpanTag = memo(({ tag, signOf, choose, ringed }: SpanTagProps) => {
  const { span, part, left, top, width } = tag;
  const { id, label, suggested, locked } = span.mark;
  const { colour } = signOf(label);
  return (
    // The list of marks has the same for the keyboard and for screen readers.
    <button
      type="button"
      tabIndex={-1}
      onClick={(event) => choose(id, event.shiftKey || event.ctrlKey)}
      className={classes(
        "pointer-events-auto absolute overflow-clip text-ellipsis whitespace-nowrap rounded-sm px-1 text-left font-medium text-[10.5px] leading-3.5",
        suggested && "outline-1 outline-dashed",
        ringed && "ring-2 ring-focus",
      )}
      style={{
        left,
        top,
        maxWidth: width + 4,
        height: TAG_HEIGHT,
        background: suggested ? "var(--raised)" : colour,
        color: suggested ? "var(--ink)" : inkOn(colour),
        outlineColor: colour,
      }}
    >
      {part > 0 ? "⋯" : `${locked ? "🔒 " : ""}${suggested ? "? " : ""}${label}`}
    </button>
  );
}, isSameTag);

function isSameTag(one: SpanTagProps, other: SpanTagProps): boolean {
  const { tag } = one;
  const same = tag.span === other.tag.span && tag.left === other.tag.left && tag.top === other.tag.top;
  return same && one.signOf === other.signOf && one.ringed === other.ringed;
}

function Arcs({ signs, signOf, selection, chooseRelation }: OverlayProps) {
  if (signs.arcs.length === 0) return null;
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full overflow-visible">
      <title>{t("Relations")}</title>
      <defs>
        <marker
          id="relation-head"
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0 0 8 4 0 8z" fill="context-stroke" />
        </marker>
      </defs>
      {signs.arcs.map(({ relation, arc }) => {
        const chosen = selection.has(relation.id);
        const { colour } = signOf(relation.label);
        const half = (relation.label.length * 6.2) / 2 + 5;
        return (
          // The list of relations below the text has the same for the keyboard and for screen readers.
          // biome-ignore lint/a11y/noStaticElementInteractions: hidden from screen readers, see above
          <g
            key={relation.id}
            className="pointer-events-auto cursor-pointer"
            onClick={() => chooseRelation(relation.id)}
          >
            <path d={arc.path} fill="none" stroke="transparent" strokeWidth="10" pointerEvents="stroke" />
            <path
              d={arc.path}
              fill="none"
              stroke={colour}
              strokeWidth={chosen ? 2.5 : 1.5}
              strokeDasharray={relation.suggested ? "4 3" : undefined}
              markerEnd="url(#relation-head)"
              pointerEvents="none"
            />
            <rect
              x={arc.x - half}
              y={arc.y - 8}
              width={half * 2}
              height="15"
              rx="7.5"
              fill="var(--raised)"
              stroke={chosen ? "var(--focus)" : colour}
              strokeWidth={chosen ? 2 : 1}
            />
            <text x={arc.x} y={arc.y + 3} textAnchor="middle" fontSize="10.5" fill="var(--ink)">
              {relation.label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface GripProps {
  readonly side: Border;
  readonly at: Handle | null;
  readonly held: boolean;
  readonly drag: (x: number, y: number) => void;
}

/** The finger or pointer takes more than is drawn: 24 pixels across. */
function Grip({ side, at, held, drag }: GripProps) {
  if (!at) return null;
  const move = (event: ReactPointerEvent<HTMLSpanElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event.clientX, event.clientY);
  };
  return (
    <span
      data-grip={side}
      className="pointer-events-auto absolute flex w-6 -translate-x-1/2 cursor-ew-resize touch-none justify-center"
      style={{ left: at.x, top: at.top - 2, height: at.height + 4 }}
      onPointerDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
    >
      <span
        className={classes(
          "relative h-full w-0.75 rounded-full bg-focus after:absolute after:left-1/2 after:size-2.5 after:-translate-x-1/2 after:rounded-full after:bg-focus",
          side === "start" ? "after:-top-1.5" : "after:-bottom-1.5",
          held && "ring-3 ring-focus/40",
        )}
      />
    </span>
  );
}

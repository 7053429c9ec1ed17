/** The picture of a lineage: nodes from left to right, walked with the arrow keys; the one with the focus is shown. */

import { type KeyboardEvent, useEffect, useRef } from "react";
import { t } from "@/app/words";
import { classes } from "@/kit/classes";
import { type Layout, NODE, neighbour, type Placed } from "./layout";
import type { Tone } from "./nodes";

const TITLE_CHARACTERS = 22;
const DETAIL_CHARACTERS = 28;
const STROKES: Readonly<Record<Tone, string>> = {
  plain: "stroke-line-strong",
  accent: "stroke-accent",
  good: "stroke-good",
  warn: "stroke-warn",
  bad: "stroke-bad",
};

export interface PictureProps {
  readonly layout: Layout;
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

export function Picture({ layout, chosen, choose }: PictureProps) {
  const picture = useRef<SVGSVGElement>(null);
  const press = (event: KeyboardEvent) => {
    const to = neighbour(layout, chosen, event.key);
    if (to === chosen) return;
    event.preventDefault();
    choose(to);
    nodeOf(picture.current, to)?.focus();
  };
  useEffect(() => {
    nodeOf(picture.current, chosen)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no fieldset */}
      <svg
        ref={picture}
        role="group"
        aria-label={t("Lineage, from the item to the files; arrow keys lead along it")}
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        onKeyDown={press}
        className="block"
      >
        {layout.lines.map((line) => (
          <path
            key={line.id}
            d={line.path}
            fill="none"
            strokeWidth={line.from === chosen || line.to === chosen ? 2.5 : 1.5}
            strokeDasharray={line.faint ? "4 4" : undefined}
            className={line.from === chosen || line.to === chosen ? "stroke-accent" : "stroke-line-strong"}
          />
        ))}
        {layout.placed.map((one) => (
          <Step key={one.node.id} placed={one} chosen={one.node.id === chosen} choose={choose} />
        ))}
      </svg>
    </div>
  );
}

const nodeOf = (picture: SVGSVGElement | null, id: string): SVGGElement | null =>
  picture?.querySelector<SVGGElement>(`[data-node="${CSS.escape(id)}"]`) ?? null;

interface StepProps {
  readonly placed: Placed;
  readonly chosen: boolean;
  readonly choose: (id: string) => void;
}

const cut = (text: string, most: number): string => {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
};

function Step({ placed: { node, x, y }, chosen, choose }: StepProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no buttons
    <g
      role="button"
      tabIndex={chosen ? 0 : -1}
      aria-pressed={chosen}
      data-node={node.id}
      transform={`translate(${x} ${y})`}
      onFocus={() => choose(node.id)}
      onClick={() => choose(node.id)}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          choose(node.id);
        }
      }}
      className="cursor-pointer outline-none focus-visible:[&>rect]:stroke-focus focus-visible:[&>rect]:[stroke-width:3]"
    >
      <rect
        width={NODE.width}
        height={NODE.height}
        rx={8}
        strokeWidth={chosen ? 2.5 : 1.25}
        className={classes(chosen ? "fill-accent-soft" : "fill-raised", STROKES[node.tone])}
      />
      {/* Its name is what stands in it: the spaces part the words for whoever hears them. */}
      <text x={12} y={20} className="fill-quiet text-xs">
        {node.kind}
      </text>{" "}
      <text x={12} y={38} className="fill-ink text-sm font-semibold">
        {cut(node.title, TITLE_CHARACTERS)}
      </text>{" "}
      <text x={12} y={55} className="fill-quiet text-xs">
        {cut(node.detail, DETAIL_CHARACTERS)}
      </text>
    </g>
  );
}

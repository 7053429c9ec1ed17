/** A small picture of each template: what the work looks like. */

import type { ReactNode } from "react";
import { classes } from "@/kit/classes";

const ORANGE = "#ff9f1c";
const BLUE = "#4cc9f0";
const GREEN = "#06d6a0";
const PINK = "#f15bb5";

interface BarProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly colour?: string;
}

/** A word of a text. */
const Bar = ({ x, y, width, colour }: BarProps) => (
  <rect
    x={x}
    y={y}
    width={width}
    height="4"
    rx="2"
    fill={colour ?? "currentColor"}
    opacity={colour ? 1 : 0.3}
  />
);

const Lines = ({ y = 10, count = 3 }: { readonly y?: number; readonly count?: number }) => (
  <>
    {[34, 42, 24].slice(0, count).map((width, at) => (
      <Bar key={width} x={8} y={y + 8 * at} width={width} />
    ))}
  </>
);

const Pill = ({ x, y, width, colour }: BarProps) => (
  <rect
    x={x}
    y={y}
    width={width}
    height="8"
    rx="4"
    fill={colour ?? "currentColor"}
    opacity={colour ? 1 : 0.18}
  />
);

const Stroke = ({
  d,
  colour = "currentColor",
  fill = "none",
}: {
  readonly d: string;
  readonly colour?: string;
  readonly fill?: string;
}) => (
  <path
    d={d}
    stroke={colour}
    strokeWidth="2"
    strokeLinejoin="round"
    strokeLinecap="round"
    fill={fill}
    fillOpacity="0.3"
  />
);

const Photo = () => <path d="M5 44 20 26l9 10 8-7 22 18H5z" fill="currentColor" opacity="0.16" />;

const Panel = ({
  x,
  width,
  chosen = false,
}: {
  readonly x: number;
  readonly width: number;
  readonly chosen?: boolean;
}) => (
  <rect
    x={x}
    y="8"
    width={width}
    height="32"
    rx="3"
    fill={chosen ? GREEN : "none"}
    fillOpacity="0.22"
    stroke={chosen ? GREEN : "currentColor"}
    strokeOpacity={chosen ? 1 : 0.35}
    strokeWidth={chosen ? 2 : 1.2}
  />
);

const Stars = ({ y, count }: { readonly y: number; readonly count: number }) => (
  <>
    {[0, 1, 2, 3, 4].map((at) => (
      <circle
        key={at}
        cx={14 + at * 9}
        cy={y}
        r="3"
        fill={at < count ? ORANGE : "currentColor"}
        opacity={at < count ? 1 : 0.22}
      />
    ))}
  </>
);

const Frames = () => (
  <>
    {[6, 25, 44].map((x) => (
      <rect key={x} x={x} y="8" width="15" height="18" rx="2" fill="currentColor" opacity="0.14" />
    ))}
  </>
);

const DRAWN: Readonly<Record<string, ReactNode>> = {
  classification: (
    <>
      <Lines y={8} count={2} />
      <Pill x={8} y={30} width={18} colour={BLUE} />
      <Pill x={30} y={30} width={14} />
      <Pill x={48} y={30} width={10} />
    </>
  ),
  sentiment: (
    <>
      <circle cx="15" cy="24" r="8" fill={GREEN} />
      <Stroke d="M11 25.5q4 4 8 0" colour="#00000099" />
      <circle cx="33" cy="24" r="8" fill="currentColor" opacity="0.3" />
      <Stroke d="M29 26h8" />
      <circle cx="51" cy="24" r="8" fill={PINK} />
      <Stroke d="M47 28q4-4 8 0" colour="#00000099" />
    </>
  ),
  entities: (
    <>
      <Pill x={8} y={9} width={20} colour={ORANGE} />
      <Bar x={32} y={11} width={10} />
      <Bar x={8} y={24} width={16} />
      <Pill x={28} y={33} width={24} colour={BLUE} />
      <Bar x={8} y={35} width={16} />
      <Stroke d="M18 19q0 10 20 11m-4-3 4 3-4 2" colour={PINK} />
    </>
  ),
  preference: (
    <>
      <Panel x={6} width={24} chosen />
      <Panel x={34} width={24} />
      <Stroke d="m13 24 4 4 7-8" colour={GREEN} />
      <Bar x={39} y={16} width={13} />
      <Bar x={39} y={24} width={9} />
    </>
  ),
  ranking: (
    <>
      {[GREEN, ORANGE, PINK].map((colour, at) => (
        <g key={colour}>
          <circle cx="12" cy={12 + 12 * at} r="4" fill={colour} />
          <Bar x={21} y={10 + 12 * at} width={36 - 9 * at} />
        </g>
      ))}
    </>
  ),
  rubric: (
    <>
      {[4, 2, 5].map((count, at) => (
        <Stars key={count} y={12 + 12 * at} count={count} />
      ))}
    </>
  ),
  rating: (
    <>
      <Lines y={8} count={2} />
      <Stars y={34} count={3} />
    </>
  ),
  conversation: (
    <>
      <Pill x={8} y={8} width={26} />
      <Pill x={24} y={20} width={32} colour={BLUE} />
      <circle cx="28" cy="36" r="3" fill={ORANGE} />
      <circle cx="37" cy="36" r="3" fill={ORANGE} />
      <circle cx="46" cy="36" r="3" fill="currentColor" opacity="0.22" />
    </>
  ),
  rewrite: (
    <>
      <Lines y={10} count={2} />
      <Bar x={8} y={30} width={22} colour={BLUE} />
      <Stroke d="m36 36 2-6 12-12 4 4-12 12z" colour={BLUE} fill={BLUE} />
    </>
  ),
  boxes: (
    <>
      <Photo />
      <Stroke d="M12 14h18v18H12z" colour={ORANGE} fill={ORANGE} />
      <Stroke d="M38 20h16v20H38z" colour={BLUE} fill={BLUE} />
    </>
  ),
  polygons: (
    <>
      <Photo />
      <Stroke d="m14 32 6-18 16-4 14 12-6 18-18 2z" colour={GREEN} fill={GREEN} />
      {["14 32", "20 14", "36 10", "50 22", "44 40", "26 42"].map((corner) => (
        <circle key={corner} cx={corner.split(" ")[0]} cy={corner.split(" ")[1]} r="2.2" fill={GREEN} />
      ))}
    </>
  ),
  segmentation: (
    <>
      <Photo />
      <path d="M14 30c0-10 8-18 18-17s18 6 17 15-12 12-20 12-15-2-15-10z" fill={PINK} opacity="0.75" />
      <circle cx="46" cy="16" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  keypoints: (
    <>
      <Stroke d="M32 12v14M32 18 18 26M32 18l14 8M32 26l-8 14M32 26l8 14" colour={BLUE} />
      {["32 12", "18 26", "46 26", "24 40", "40 40", "32 26"].map((point) => (
        <circle key={point} cx={point.split(" ")[0]} cy={point.split(" ")[1]} r="2.8" fill={ORANGE} />
      ))}
    </>
  ),
  "image-classification": (
    <>
      <rect x="6" y="6" width="30" height="26" rx="3" fill="currentColor" opacity="0.14" />
      <path d="m8 30 9-11 6 6 4-3 8 8z" fill="currentColor" opacity="0.25" />
      <Pill x={40} y={10} width={18} colour={GREEN} />
      <Pill x={40} y={22} width={14} />
    </>
  ),
  tracks: (
    <>
      <Frames />
      <Stroke d="M9 14h6v6H9z" colour={ORANGE} fill={ORANGE} />
      <Stroke d="M30 12h6v6h-6z" colour={ORANGE} fill={ORANGE} />
      <Stroke d="M50 16h6v6h-6z" colour={ORANGE} fill={ORANGE} />
      <Stroke d="M8 36h48" colour={ORANGE} />
      {[10, 32, 54].map((x) => (
        <path key={x} d={`m${x} 32 4 4-4 4-4-4z`} fill={ORANGE} />
      ))}
    </>
  ),
  segments: (
    <>
      <Frames />
      <Pill x={8} y={32} width={20} colour={GREEN} />
      <Pill x={32} y={32} width={25} colour={PINK} />
    </>
  ),
  "clip-rating": (
    <>
      <Frames />
      <Stars y={36} count={4} />
    </>
  ),
};

/** `faint` where it cannot be chosen. */
export const Picture = ({ of, faint }: { readonly of: string; readonly faint: boolean }) => (
  <svg
    viewBox="0 0 64 48"
    aria-hidden="true"
    focusable="false"
    className={classes("h-14 w-20 shrink-0 rounded-md bg-sunken text-ink", faint && "opacity-40")}
  >
    {DRAWN[of]}
  </svg>
);

/** A drawing of the work: a photograph with its boxes, a sentence with its spans, and what became of them. */

const WORDS = [
  [0, 62, null],
  [68, 74, "accent"],
  [148, 44, null],
  [198, 92, "warn"],
  [296, 40, null],
  [342, 66, null],
] as const;

const SECOND = [
  [0, 88, null],
  [94, 40, null],
  [140, 110, "accent"],
  [256, 56, null],
] as const;

const Line = ({ y, words }: { readonly y: number; readonly words: typeof WORDS | typeof SECOND }) =>
  words.map(([x, width, tone]) => (
    <g key={x}>
      {tone && (
        <rect
          x={x - 4}
          y={y - 6}
          width={width + 8}
          height="22"
          rx="4"
          className={tone === "accent" ? "fill-accent-soft" : "fill-warn-soft"}
        />
      )}
      <rect x={x} y={y} width={width} height="9" rx="4.5" className={tone ? INKS[tone] : "fill-line"} />
    </g>
  ));

const INKS = { accent: "fill-accent", warn: "fill-warn" } as const;

const Boxed = ({
  box,
  tone,
}: {
  readonly box: readonly [number, number, number, number];
  readonly tone: string;
}) => {
  const [x, y, width, height] = box;
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ] as const;
  return (
    <g className={tone}>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx="2"
        fill="currentColor"
        fillOpacity="0.14"
        stroke="currentColor"
        strokeWidth="2"
      />
      {corners.map(([left, top]) => (
        <rect
          key={`${left} ${top}`}
          x={left - 4}
          y={top - 4}
          width="8"
          height="8"
          rx="1.5"
          className="fill-raised"
          stroke="currentColor"
          strokeWidth="2"
        />
      ))}
    </g>
  );
};

export function Picture() {
  return (
    <svg viewBox="0 0 480 330" className="w-full" aria-hidden="true" focusable="false">
      <rect
        x="1"
        y="1"
        width="478"
        height="232"
        rx="10"
        className="fill-surface stroke-line"
        strokeWidth="1.5"
      />
      <circle cx="392" cy="62" r="22" className="fill-warn-soft" />
      <path
        d="M2 190 92 112l56 48 84-92 96 96 52-40 98 84v16a9 9 0 0 1-9 9H11a9 9 0 0 1-9-9z"
        className="fill-hover"
      />
      <path
        d="M2 204c70-26 130-30 210-14s180 20 266 0v20a22 22 0 0 1-22 22H24a22 22 0 0 1-22-22z"
        className="fill-accent-soft"
      />
      <path d="m112 196 12-42h44l16 42z" className="fill-quiet" opacity="0.5" />
      <path d="M296 202v-46l26-20 26 20v46z" className="fill-quiet" opacity="0.5" />
      <Boxed box={[98, 142, 100, 64]} tone="text-accent" />
      <Boxed box={[284, 126, 78, 84]} tone="text-warn" />
      <g transform="translate(2 264)">
        <Line y={0} words={WORDS} />
        <Line y={34} words={SECOND} />
      </g>
    </svg>
  );
}

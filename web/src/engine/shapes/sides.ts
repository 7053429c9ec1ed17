/** The eight handles of boxes, straight or turned: where they are and which way they pull. */

export interface BoxSide {
  readonly id: string;
  /** -1 on the left, 0 in the middle, 1 on the right; likewise from the top down. */
  readonly along: -1 | 0 | 1;
  readonly down: -1 | 0 | 1;
  readonly cursor: string;
}

export const SIDES: readonly BoxSide[] = [
  { id: "nw", along: -1, down: -1, cursor: "nwse-resize" },
  { id: "n", along: 0, down: -1, cursor: "ns-resize" },
  { id: "ne", along: 1, down: -1, cursor: "nesw-resize" },
  { id: "e", along: 1, down: 0, cursor: "ew-resize" },
  { id: "se", along: 1, down: 1, cursor: "nwse-resize" },
  { id: "s", along: 0, down: 1, cursor: "ns-resize" },
  { id: "sw", along: -1, down: 1, cursor: "nesw-resize" },
  { id: "w", along: -1, down: 0, cursor: "ew-resize" },
];

export const sideOf = (id: string): BoxSide | undefined => SIDES.find((side) => side.id === id);

const CURSORS = ["ns-resize", "nesw-resize", "ew-resize", "nwse-resize"] as const;

/** The cursor of a handle of a turned box: the way it pulls, to the nearest of the four that browsers have. */
export function cursorAt(side: BoxSide, angle: number): string {
  const way = (Math.atan2(side.along, -side.down) * 180) / Math.PI + angle;
  return CURSORS[(((Math.round(way / 45) % 4) + 4) % 4) as 0 | 1 | 2 | 3];
}

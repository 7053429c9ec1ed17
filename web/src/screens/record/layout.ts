/** Where the nodes of a lineage stand, the lines between them, and where the arrow keys lead. Pure. */

import type { Graph } from "./graph";
import { COLUMNS, type Node } from "./nodes";

export const NODE = { width: 168, height: 64 } as const;
const GAP = { across: 56, down: 16 } as const;
const MARGIN = 12;

export interface Placed {
  readonly node: Node;
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly id: string;
  readonly path: string;
  readonly faint: boolean;
  readonly from: string;
  readonly to: string;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
  readonly lines: readonly Line[];
}

/** Return the picture's places: columns from left to right without empty ones, each centred from top to bottom. */
export function layOut({ nodes, edges }: Graph): Layout {
  const columns = COLUMNS.map((column) => nodes.filter((node) => node.column === column)).filter(
    ({ length }) => length > 0,
  );
  const tallest = Math.max(0, ...columns.map(({ length }) => length));
  const heightOf = (count: number) => count * NODE.height + Math.max(0, count - 1) * GAP.down;
  const placed = columns.flatMap((column, across) =>
    column.map(
      (node, down): Placed => ({
        node,
        x: MARGIN + across * (NODE.width + GAP.across),
        y: MARGIN + (heightOf(tallest) - heightOf(column.length)) / 2 + down * (NODE.height + GAP.down),
      }),
    ),
  );
  const at = new Map(placed.map((one) => [one.node.id, one]));
  return {
    width: 2 * MARGIN + columns.length * NODE.width + Math.max(0, columns.length - 1) * GAP.across,
    height: 2 * MARGIN + heightOf(tallest),
    placed,
    lines: edges.flatMap(({ from, to, faint }) => {
      const [one, other] = [at.get(from), at.get(to)];
      return one && other ? [{ id: `${from} ${to}`, path: curve(one, other), faint, from, to }] : [];
    }),
  };
}

/** A curve from the right of one node to the left of another; in one column it goes out and comes back in. */
function curve(from: Placed, to: Placed): string {
  const [fromX, fromY] = [from.x + NODE.width, from.y + NODE.height / 2];
  const toY = to.y + NODE.height / 2;
  if (to.x > from.x) {
    const bend = Math.max(GAP.across / 2, (to.x - fromX) / 2);
    return `M${fromX} ${fromY}C${fromX + bend} ${fromY} ${to.x - bend} ${toY} ${to.x} ${toY}`;
  }
  const out = fromX + GAP.across / 2;
  return `M${fromX} ${fromY}C${out} ${fromY} ${out} ${toY} ${to.x + NODE.width} ${toY}`;
}

/** Return the node that a key leads to from one: along a line to the left or right, in its column up or down. */
export function neighbour(layout: Layout, id: string, key: string): string {
  const here = layout.placed.find(({ node }) => node.id === id);
  if (!here) return layout.placed[0]?.node.id ?? id;
  if (key === "Home") return layout.placed[0]?.node.id ?? id;
  if (key === "End") return layout.placed.at(-1)?.node.id ?? id;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const column = layout.placed.filter(({ x }) => x === here.x);
    return column[column.indexOf(here) + (key === "ArrowDown" ? 1 : -1)]?.node.id ?? id;
  }
  const way = { ArrowLeft: -1, ArrowRight: 1 }[key];
  return way === undefined ? id : (nearest(layout, here, way) ?? id);
}

/** Among the nodes on that side the one at the end of a line, and of several the closest; else the closest of all. */
function nearest(layout: Layout, here: Placed, way: number): string | undefined {
  const linked = new Set(
    layout.lines.flatMap(({ from, to }) =>
      from === here.node.id ? [to] : to === here.node.id ? [from] : [],
    ),
  );
  const side = layout.placed.filter(({ x }) => (x - here.x) * way > 0);
  const near = (one: Placed) => Math.abs(one.x - here.x) * layout.height + Math.abs(one.y - here.y);
  const closest = (among: readonly Placed[]) => [...among].sort((one, other) => near(one) - near(other))[0];
  return (closest(side.filter(({ node }) => linked.has(node.id))) ?? closest(side))?.node.id;
}

/** What can be done to selected marks at once: each gives the action that does it, or null where nothing changes. */

import type { Action, Mark, MarkId, ToolName } from "../document/values";
import type { Frame } from "../geometry/points";
import { rounded } from "../geometry/points";
import { leewayOf, moves, type Placed } from "../shapes/pointer/tool";
import type { Seen } from "./scene";

/** How far from its original a copy lies, in image pixels. */
const COPY_PIXELS = 10;

function several(actions: readonly Action[]): Action | null {
  const [only, ...more] = actions;
  if (!only) return null;
  return more.length === 0 ? only : { kind: "several", actions };
}

/** One action for each tool that has some of the marks. */
function byTool(
  marks: readonly Seen[],
  make: (tool: ToolName, marks: readonly Seen[]) => Action,
): Action | null {
  const tools = [...new Set(marks.map(({ tool }) => tool))];
  return several(
    tools.map((tool) =>
      make(
        tool,
        marks.filter((one) => one.tool === tool),
      ),
    ),
  );
}

const free = (marks: readonly Seen[]) => marks.filter(({ mark }) => !mark.locked);

/** Moves by whole steps as far as the image goes. */
export function nudge(
  marks: readonly Seen[],
  dx: number,
  dy: number,
  context: { readonly placed: (id: MarkId) => Placed | undefined; readonly frame: Frame },
): Action | null {
  const ids = free(marks).flatMap(({ id, shape }) => (shape.movable ? [id] : []));
  const way = leewayOf(ids, dx, dy, context);
  const [effect] = moves(ids, { x: rounded(way.x), y: rounded(way.y) }, context);
  return effect?.kind === "perform" ? effect.action : null;
}

/** Copies a little beside their originals, each with an id of its own; on the other side at the border. */
export function duplicates(
  marks: readonly Seen[],
  newId: () => MarkId,
  context: { readonly placed: (id: MarkId) => Placed | undefined; readonly frame: Frame },
): { readonly action: Action; readonly ids: readonly MarkId[] } | null {
  const ids = marks.flatMap(({ id, shape }) => (shape.movable ? [id] : []));
  const ahead = leewayOf(ids, COPY_PIXELS, COPY_PIXELS, context);
  const back = leewayOf(ids, -COPY_PIXELS, -COPY_PIXELS, context);
  const [dx, dy] = [ahead.x || back.x, ahead.y || back.y];
  const made: MarkId[] = [];
  const action = byTool(marks, (tool, those) => {
    const copies = those.map((seen) => copyOf(seen, newId(), dx, dy));
    made.push(...copies.map(({ id }) => id));
    return { kind: "add", tool, marks: copies };
  });
  return action && { action, ids: made };
}

function copyOf({ mark, shape }: Seen, id: MarkId, dx: number, dy: number): Mark {
  const { suggested: _, locked: __, ...kept } = mark;
  return { ...kept, id, geometry: shape.translate(mark.geometry, dx, dy) };
}

/** Brings marks to the front of their tool's, or to the back. */
export function raised(
  marks: readonly Seen[],
  all: (tool: ToolName) => readonly Mark[],
  way: "front" | "back",
): Action | null {
  const ids = new Set(marks.map(({ id }) => id));
  return byTool(marks, (tool) => {
    const [moving, staying] = [true, false].map((is) => all(tool).filter(({ id }) => ids.has(id) === is));
    const order =
      way === "front" ? [...(staying ?? []), ...(moving ?? [])] : [...(moving ?? []), ...(staying ?? [])];
    return { kind: "order", tool, ids: order.map(({ id }) => id) };
  });
}

/** The mark after or before the selected one, bottom up; null past the end, so that Tab leaves the stage there. */
export function neighbour(shown: readonly Seen[], selection: ReadonlySet<MarkId>, step: 1 | -1): Seen | null {
  const places = shown.flatMap(({ id }, place) => (selection.has(id) ? [place] : []));
  const from = step > 0 ? places.at(-1) : places[0];
  if (from === undefined) return (step > 0 ? shown[0] : shown.at(-1)) ?? null;
  return shown[from + step] ?? null;
}

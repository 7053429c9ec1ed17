/** What passes between the hand on the stage and the page around it. */

import type { Action, Definition, Document, Json, MarkId, ToolName } from "../document/values";
import type { Box } from "../geometry/box";
import type { ImagePoint } from "../geometry/coordinates";
import type { Frame } from "../geometry/points";
import type { Fault } from "../shapes/shape";
import type { Brush } from "../shapes/tool";
import type { Palette, ShownPin } from "./overlay";

/** What the page has in hand. */
export interface Held {
  readonly definition: Definition;
  readonly document: Document;
  readonly selection: ReadonlySet<MarkId>;
  readonly tool: ToolName | null;
  readonly label: string | null;
  readonly readOnly: boolean;
  readonly frame: Frame;
  readonly pins: readonly ShownPin[];
  readonly snaps: boolean;
  readonly palette: Palette;
}

/** What is to be said of what happened; the surface has the words. */
export type Said =
  | {
      readonly what: "drawn" | "selected";
      readonly seen: { readonly tool: ToolName; readonly label: string };
      readonly place: string;
    }
  | { readonly what: "refused"; readonly fault: Fault | "no-label" }
  | {
      readonly what: "begun" | "point" | "taken-back";
      readonly count: number;
      readonly name?: string | undefined;
    }
  | { readonly what: "removed" | "duplicated" | "selected-many"; readonly count: number }
  | { readonly what: "at"; readonly at: ImagePoint };

export interface Host {
  readonly perform: (action: Action, together?: string) => void;
  readonly select: (ids: Iterable<MarkId>) => void;
  readonly say: (said: Said) => void;
  readonly setTool: (tool: ToolName | null) => void;
  readonly pinAt: (place: Json) => void;
  /** Where the pointer or the cross hair is; null when it has left. */
  readonly pointed: (at: ImagePoint | null) => void;
  /** The brush is set otherwise. */
  readonly brushed: (brush: Brush | null) => void;
  /** What is being drawn or dragged has changed its size. */
  readonly shaped: (size: string | null) => void;
}

/** Bounds in a few numbers, for those who hear them. */
export const placeOf = ({ x, y, width, height }: Box): string =>
  `${Math.round(x)}, ${Math.round(y)}, ${Math.round(width)} × ${Math.round(height)}`;

/** What the annotation page gives to whatever draws a task, and what it expects back. */

import type { ComponentType } from "react";
import type {
  Action,
  Definition,
  Document,
  Json,
  MarkId,
  Modality,
  ToolName,
} from "@/engine/document/values";

/** A task as the page holds it: the item's payload by modality (docs/label-types.md), and where its bytes are. */
export interface SurfaceTask {
  readonly id: string;
  readonly modality: Modality;
  readonly item: Readonly<Record<string, Json>>;
  /** A signed address of the item's asset, for images and videos. */
  readonly assetUrl?: string;
}

/** Asks for an address that is good again, where the one there is is good no more; undefined if there is none. */
export type FreshAddress = () => Promise<string | undefined>;

/** A place in an item, as issues have it: a point, a stretch of text, a span of frames or a mark. */
export interface Pin {
  readonly id: string;
  readonly place: Json;
  readonly title: string;
  readonly open: boolean;
}

export interface SurfaceProps {
  readonly task: SurfaceTask;
  readonly definition: Definition;
  readonly document: Document;
  /** Changes that carry the same `together` one after the other are undone as one (a drag, a word typed). */
  readonly perform: (action: Action, together?: string) => void;
  readonly selection: ReadonlySet<MarkId>;
  readonly select: (ids: Iterable<MarkId>) => void;
  /** The drawing tool in hand, or null for the pointer; the label new marks get. */
  readonly tool: ToolName | null;
  readonly setTool: (tool: ToolName | null) => void;
  readonly label: string | null;
  readonly readOnly: boolean;
  readonly pins: readonly Pin[];
  /** Asks the page to open a new issue at a place. */
  readonly pinAt: (place: Json) => void;
  /** Said politely to screen readers. */
  readonly announce: (words: string) => void;
  readonly freshAddress: FreshAddress;
  /** To be called once, when the task's first pixels are on the screen. */
  readonly painted: () => void;
}

/** One tool that is filled in rather than drawn: its value is `document.forms[tool]` or `document.marks[tool]`. */
export interface FormProps {
  readonly tool: ToolName;
  readonly task: SurfaceTask;
  readonly definition: Definition;
  readonly document: Document;
  readonly perform: (action: Action, together?: string) => void;
  readonly readOnly: boolean;
  readonly announce: (words: string) => void;
}

/** How a label type is edited: on the item's surface, beside it in the panel, or in place of it. */
export interface ToolEditor {
  readonly tool: ToolName;
  readonly modality: Modality | "any";
  readonly place: "surface" | "panel" | "main";
  /** Whether its answer is a list of labelled marks. */
  readonly labelled: boolean;
  readonly form?: () => Promise<{ default: ComponentType<FormProps> }>;
}

/** The annotator's hand on the stage: gives what pointer and keys do to the tool, or else to the pointer. */

import type { MarkId, ToolName } from "../document/values";
import { grown } from "../geometry/box";
import { type ImagePoint, imagePoint } from "../geometry/coordinates";
import { fitted } from "../geometry/points";
import { shapeFor } from "../shapes/all";
import { Drawing } from "./drawing";
import { Edits } from "./edits";
import type { Held, Host } from "./host";
import type { Touch } from "./input";
import { Pointing } from "./pointing";
import { type Snapped, snapped } from "./snapping";
import type { InHand, Stage } from "./stage";

/** Near is this close, in CSS pixels; a finger is not as exact. */
const REACH_PIXELS = 8;
const COARSE_REACH_PIXELS = 18;
const PAN_STEP_PIXELS = 24;
const CROSS_HAIR_MARGIN_PIXELS = 20;

export class Hand {
  readonly edits: Edits;
  private readonly drawing: Drawing;
  private readonly pointing: Pointing;
  private crossHair: ImagePoint | null = null;
  private lastSnap: Snapped | null = null;
  private isCoarse = false;
  /** The next click is a pin's place. */
  private isPinning = false;
  /** The space bar is held: the pointer drags the image. */
  isPanning = false;
  /** The cross hair was last moved by keys. */
  isByKeys = false;

  constructor(
    private readonly stage: Stage,
    private held: Held,
    private readonly host: Host,
  ) {
    const now = () => this.held;
    const reach = () => this.reach;
    this.edits = new Edits(stage, now, host);
    this.drawing = new Drawing(stage, now, host, this.edits, reach);
    this.pointing = new Pointing(stage, now, host, this.edits, reach, (at, own) =>
      this.snap(at, own?.tool ?? null, own?.id ?? null),
    );
  }

  update(held: Held): void {
    const before = this.held;
    this.held = held;
    if (this.drawing.take(held.readOnly ? null : held.tool)) {
      this.pointing.rest();
      this.lastSnap = null;
    }
    if (held.label !== before.label || held.definition !== before.definition) {
      this.drawing.send({ kind: "cancel" });
    }
    this.pointing.follow(held.selection);
    this.stage.request("overlay");
  }

  private get reach(): number {
    return (this.isCoarse ? COARSE_REACH_PIXELS : REACH_PIXELS) * this.stage.pixel;
  }

  /** Whether a tool is in hand. */
  get isDrawing(): boolean {
    return this.drawing.tool !== null;
  }

  /** Whether a shape is begun. */
  get isBusy(): boolean {
    return this.drawing.isBusy;
  }

  get hasSelection(): boolean {
    return this.edits.selected.length > 0;
  }

  // The pointer.

  press(touch: Touch): void {
    this.isCoarse = touch.coarse;
    if (this.isPinning) this.pin(this.pointed(touch));
    else this.touched("press", touch);
  }

  move(touch: Touch): void {
    this.touched("move", touch);
  }

  release(touch: Touch): void {
    this.touched("release", touch);
  }

  private touched(kind: "press" | "move" | "release", touch: Touch): void {
    const at = this.pointed(touch);
    const { shift, alt } = touch;
    if (this.isDrawing) this.drawing.send({ kind, at: this.drawnAt(at), steady: shift });
    else this.pointing.send({ kind, at, shift, alt });
    this.changed();
  }

  double(touch: Touch): void {
    const at = this.pointed(touch);
    const isOutline = this.held.tool === "polygon" || this.held.tool === "polyline";
    if (isOutline && this.isBusy) this.drawing.send({ kind: "finish", at: this.drawnAt(at) });
    this.changed();
  }

  cancel(): void {
    this.drawing.send({ kind: "cancel" });
    this.pointing.rest();
    this.changed();
  }

  /** Another task: nothing of what was half done goes on. */
  reset(): void {
    this.cancel();
    this.drawing.redraw(null);
    this.crossHair = this.lastSnap = null;
    this.isPinning = this.isPanning = false;
  }

  leave(): void {
    if (this.pointing.isIdle && !this.isBusy) this.crossHair = null;
    this.pointing.leave();
    this.lastSnap = null;
    this.host.pointed(null);
    this.stage.request("overlay");
  }

  /** The keys are another's now. */
  letGo(): void {
    this.isPanning = false;
  }

  private pointed(touch: Touch): ImagePoint {
    this.isByKeys = false;
    this.crossHair = this.stage.toImage(touch.at);
    this.host.pointed(this.crossHair);
    return this.crossHair;
  }

  private drawnAt(at: ImagePoint): ImagePoint {
    return this.snap(at, this.held.tool, null);
  }

  /** Where a point goes: near others' corners and sides, unless the tool paints pixels or marks places of its own. */
  private snap(at: ImagePoint, tool: ToolName | null, own: MarkId | null): ImagePoint {
    const isFree = !this.held.snaps || tool === "mask" || tool === "keypoints";
    this.lastSnap = isFree
      ? null
      : snapped(at, this.stage.scene.outlinesNear(at, this.reach, own), this.held.frame, this.reach);
    return this.lastSnap?.at ?? at;
  }

  // Keys.

  /** The cross hair, the corner in hand, or the selected marks go one way; or else the view. */
  arrow(dx: number, dy: number): void {
    const { grip } = this.pointing;
    if (this.isDrawing) this.moveCrossHair(dx, dy);
    else if (grip) this.edits.moveGrip(grip, dx, dy);
    else if (this.hasSelection) this.edits.nudge(dx, dy);
    else this.stage.pan(-dx * PAN_STEP_PIXELS, -dy * PAN_STEP_PIXELS);
  }

  private moveCrossHair(dx: number, dy: number): void {
    const from = this.crossHair ?? this.stage.middleOfImage();
    const at = fitted(imagePoint(Math.round(from.x) + dx, Math.round(from.y) + dy), this.held.frame);
    this.crossHair = at;
    this.isByKeys = true;
    this.lastSnap = null;
    this.stage.reveal(grown({ ...at, width: 0, height: 0 }, CROSS_HAIR_MARGIN_PIXELS * this.stage.pixel));
    this.host.pointed(at);
    this.host.say({ what: "at", at });
    this.drawing.send({ kind: "move", at, steady: false });
    this.changed();
  }

  /** A key that clicks (Space) or ends (Enter) at the cross hair. */
  click(kind: "place" | "finish"): void {
    if (!this.isDrawing) return;
    if (!this.crossHair) this.moveCrossHair(0, 0);
    if (this.crossHair) this.drawing.send({ kind, at: this.crossHair });
    this.changed();
  }

  option(name: string): void {
    const { grip } = this.pointing;
    if (this.isDrawing) this.drawing.send({ kind: "option", name });
    else if (grip && (name === "occluded" || name === "absent")) this.edits.turnVisibility(grip, name);
    this.changed();
  }

  back(): void {
    this.drawing.send({ kind: "back" });
    this.changed();
  }

  /** Whether there is something that Escape gives up. */
  get hasSomething(): boolean {
    return this.isPinning || this.isBusy || this.held.tool !== null || this.held.selection.size > 0;
  }

  /** Gives up one thing: the shape, or else the tool, or else the selection. */
  escape(): void {
    const { isBusy } = this;
    this.cancel();
    if (this.isPinning) this.isPinning = false;
    else if (isBusy) return;
    else if (this.held.tool !== null) this.host.setTool(null);
    else this.host.select([]);
  }

  next(step: 1 | -1): void {
    if (this.held.tool !== null) this.host.setTool(null);
    this.edits.next(step);
  }

  /** Takes the tool in hand for another mark. */
  draw(tool: ToolName): void {
    if (this.held.readOnly) return;
    this.drawing.redraw(null);
    if (this.held.tool === tool) this.cancel();
    this.host.select([]);
    this.host.setTool(tool);
  }

  /** Draws the selected mark anew: label and attributes stay. */
  redraw(): void {
    const [only, ...more] = this.edits.selected;
    if (!only || more.length > 0 || only.mark.locked || this.held.readOnly) return;
    this.drawing.redraw(only.id);
    this.host.setTool(only.tool);
  }

  /** Whether the corner in hand can be taken out, unlike those of boxes. */
  get canRemoveGrip(): boolean {
    const { grip } = this.pointing;
    const seen = grip && this.stage.scene.get(grip.id);
    return seen ? seen.tool !== "box" && seen.tool !== "rotated_box" : false;
  }

  removeGrip(): void {
    const { grip } = this.pointing;
    if (!grip || this.held.readOnly) return;
    this.edits.removeGrip(grip);
    this.pointing.rest();
  }

  /** Pins at the cross hair, or at the next click. */
  startPin(): void {
    if (this.crossHair) this.pin(this.crossHair);
    else this.isPinning = true;
    this.stage.request("overlay");
  }

  private pin(at: ImagePoint): void {
    this.isPinning = false;
    const { x, y } = fitted(at, this.held.frame);
    this.host.pinAt({ x, y });
  }

  // What is seen.

  private changed(): void {
    this.tellSize();
    this.stage.request("overlay");
  }

  private tellSize(): void {
    const [dragged] = this.pointing.seen().preview.values();
    const geometry = dragged ?? this.drawing.draft?.geometry;
    const tool = this.drawing.tool ?? this.edits.selected[0]?.tool;
    const bounds = geometry && tool ? shapeFor(tool)?.bounds(geometry) : undefined;
    this.host.shaped(bounds ? `${Math.round(bounds.width)} × ${Math.round(bounds.height)}` : null);
  }

  get cursor(): string {
    if (this.isPanning) return "grab";
    if (this.isPinning) return "crosshair";
    if (this.isDrawing) return this.held.tool === "mask" ? "none" : "crosshair";
    return this.pointing.cursorAt(this.crossHair);
  }

  seen(): InHand {
    const { selection, pins, palette } = this.held;
    const { isDrawing, crossHair, lastSnap } = this;
    const drawn = this.drawing.seen();
    const pointed = this.pointing.seen();
    const tool = this.drawing.tool;
    const hasLines = isDrawing && tool !== "mask" && tool !== "keypoints";
    const isSnapped =
      lastSnap !== null && lastSnap.to !== "nothing" && (isDrawing || this.pointing.isReshaping);
    return {
      palette,
      selection,
      pins,
      ...pointed,
      ...drawn,
      hovered: isDrawing ? null : pointed.hovered,
      handles: !isDrawing,
      crossHair: hasLines || drawn.draft?.draft.next ? crossHair : null,
      snapped: isSnapped && crossHair ? lastSnap.at : null,
    };
  }
}

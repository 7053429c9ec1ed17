/** The pointer in hand: what it is over, what it selects, moves and reshapes. */

import type { MarkId } from "../document/values";
import { boxBetween } from "../geometry/box";
import { type ImagePoint, imagePoint } from "../geometry/coordinates";
import { distance } from "../geometry/points";
import {
  type Grip,
  gripAt,
  type PointContext,
  type PointEffect,
  type PointEvent,
  type PointerState,
  previewOf,
  RESTING,
  stepPointer,
} from "../shapes/pointer/tool";
import type { Edits } from "./edits";
import type { Held, Host } from "./host";
import type { ShownPin } from "./overlay";
import type { Seen } from "./scene";
import type { InHand, Stage } from "./stage";

/** From a pin's point to the middle of its head, which is also how near is on it. */
const PIN_PIXELS = 14;

export class Pointing {
  private state: PointerState = RESTING;
  private hovered: Seen | null = null;
  private hoveredPin: string | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly now: () => Held,
    private readonly host: Host,
    private readonly edits: Edits,
    private readonly reach: () => number,
    private readonly snap: (at: ImagePoint, own: Seen | undefined) => ImagePoint,
  ) {}

  /** The corner last touched: keys act on it. */
  get grip(): Grip | null {
    return this.state.at === "idle" ? this.state.grip : null;
  }

  get isIdle(): boolean {
    return this.state.at === "idle";
  }

  get isReshaping(): boolean {
    return this.state.at === "reshaping";
  }

  rest(): void {
    this.state = RESTING;
    this.leave();
  }

  leave(): void {
    this.hovered = this.hoveredPin = null;
  }

  /** Lets go of a corner whose mark is no longer selected. */
  follow(selection: ReadonlySet<MarkId>): void {
    if (this.grip && !selection.has(this.grip.id)) this.state = RESTING;
  }

  send(event: PointEvent): void {
    const step = stepPointer(this.state, event, this.context());
    this.state = step.state;
    for (const effect of step.effects) this.after(effect);
    if (event.kind === "move") this.hover(event.at);
  }

  private context(): PointContext {
    const { frame, readOnly, selection } = this.now();
    const { scene, pixel } = this.stage;
    const reach = this.reach();
    return {
      frame,
      pixel,
      readOnly,
      selection,
      reach,
      placed: (id) => scene.get(id),
      at: (point) => scene.at(point, reach),
      inside: (box) => scene.inside(box),
      snap: (point, own) => this.snap(point, scene.get(own)),
    };
  }

  private after(effect: PointEffect): void {
    switch (effect.kind) {
      case "select":
        this.host.select(effect.ids);
        this.edits.saySelected(effect.ids);
        break;
      case "perform":
        this.host.perform(effect.action);
        break;
      case "refused":
        this.host.say({ what: "refused", fault: effect.fault });
    }
  }

  private hover(at: ImagePoint): void {
    this.hovered = this.isIdle ? (this.stage.scene.at(at, this.reach())[0] ?? null) : null;
    const near = PIN_PIXELS * this.stage.pixel;
    const head = (pin: ShownPin) => imagePoint(pin.at.x, pin.at.y - near);
    this.hoveredPin = this.now().pins.find((pin) => distance(head(pin), at) < near)?.id ?? null;
  }

  cursorAt(at: ImagePoint | null): string {
    if (this.state.at === "moving") return "move";
    const context = this.context();
    const grip = at && gripAt(at, context);
    const seen = grip && this.stage.scene.get(grip.id);
    const handles = seen?.shape.handles(seen.mark.geometry, context.pixel) ?? [];
    const handle = handles.find(({ id }) => id === grip?.handle);
    if (handle) return handle.cursor;
    if (!this.hovered) return "default";
    return context.selection.has(this.hovered.id) && this.hovered.shape.movable ? "move" : "pointer";
  }

  seen(): Pick<InHand, "preview" | "hovered" | "grip" | "marquee" | "hoveredPin"> {
    const { state, hovered, hoveredPin } = this;
    const gripped = state.at === "idle" || state.at === "reshaping" ? state.grip : null;
    return {
      hovered,
      hoveredPin,
      preview: previewOf(state, this.context()),
      grip: gripped?.handle ?? null,
      marquee: state.at === "marquee" ? boxBetween(state.from, state.to) : null,
    };
  }
}

/** What keys and buttons do to the marks that are selected, or to the corner that is in hand. */

import { newMarkId } from "../document/answer";
import { marksOf } from "../document/apply";
import type { Action, MarkId } from "../document/values";
import { grown } from "../geometry/box";
import { imagePoint } from "../geometry/coordinates";
import { fitted } from "../geometry/points";
import { occludedOrNot } from "../shapes/keypoints/shape";
import { type Grip, without } from "../shapes/pointer/tool";
import { type Held, type Host, placeOf } from "./host";
import type { Seen } from "./scene";
import { duplicates, neighbour, nudge, raised } from "./selected";
import type { Stage } from "./stage";

/** After a pause the arrow keys begin another step of undo. */
const PAUSE_MILLISECONDS = 1000;

export class Edits {
  private nudges = 0;
  private nudgedAt = 0;

  constructor(
    private readonly stage: Stage,
    private readonly now: () => Held,
    private readonly host: Host,
  ) {}

  private get held(): Held {
    return this.now();
  }

  get selected(): Seen[] {
    return [...this.held.selection].flatMap((id) => this.stage.scene.get(id) ?? []);
  }

  private get context() {
    return { placed: (id: MarkId) => this.stage.scene.get(id), frame: this.held.frame };
  }

  moveGrip(grip: Grip, dx: number, dy: number): void {
    const seen = this.stage.scene.get(grip.id);
    const handle = seen?.shape
      .handles(seen.mark.geometry, this.stage.pixel)
      .find(({ id }) => id === grip.handle);
    if (!seen || !handle || this.held.readOnly) return;
    const to = fitted(imagePoint(handle.at.x + dx, handle.at.y + dy), this.held.frame);
    const bounds = { frame: this.held.frame, steady: false };
    const geometry = seen.shape.reshape(seen.mark.geometry, grip.handle, to, bounds);
    const fault = seen.shape.fault(geometry);
    if (fault) {
      this.host.say({ what: "refused", fault });
      return;
    }
    const action: Action = { kind: "change", tool: seen.tool, id: seen.id, change: { geometry } };
    this.host.perform(action, `corner ${grip.id} ${grip.handle}`);
  }

  nudge(dx: number, dy: number): void {
    if (this.held.readOnly) return;
    const action = nudge(this.selected, dx, dy, this.context);
    const now = performance.now();
    if (now - this.nudgedAt > PAUSE_MILLISECONDS) this.nudges += 1;
    this.nudgedAt = now;
    if (action) this.host.perform(action, `nudge ${this.nudges} ${[...this.held.selection].join(" ")}`);
  }

  /** Turns a placed keypoint's visibility. */
  turnVisibility(grip: Grip, name: "occluded" | "absent"): void {
    const seen = this.stage.scene.get(grip.id);
    if (seen?.tool !== "keypoints" || this.held.readOnly) return;
    const { geometry } = seen.mark;
    const next =
      name === "absent"
        ? seen.shape.removeHandle(geometry, grip.handle)
        : occludedOrNot(geometry, grip.handle);
    if (next) this.host.perform({ kind: "change", tool: seen.tool, id: seen.id, change: { geometry: next } });
  }

  private neighbour(step: 1 | -1): Seen | null {
    return neighbour(this.stage.scene.shown(), this.held.selection, step);
  }

  /** Whether there is a mark further that way: past the last one the key is not ours, and the focus goes on. */
  hasNext(step: 1 | -1): boolean {
    return this.neighbour(step) !== null;
  }

  next(step: 1 | -1): void {
    const found = this.neighbour(step);
    if (!found) return;
    this.host.select([found.id]);
    this.stage.reveal(grown(found.bounds, 12 * this.stage.pixel));
    this.saySelected([found.id]);
  }

  selectAll(): void {
    const ids = this.stage.scene.shown().flatMap(({ id, mark }) => (mark.locked ? [] : [id]));
    this.host.select(ids);
    this.saySelected(ids);
  }

  saySelected(ids: readonly MarkId[]): void {
    const [only, ...more] = ids.flatMap((id) => this.stage.scene.get(id) ?? []);
    if (more.length > 0) this.host.say({ what: "selected-many", count: more.length + 1 });
    else if (only) {
      const seen = { tool: only.tool, label: only.mark.label };
      this.host.say({ what: "selected", seen, place: placeOf(only.bounds) });
    }
  }

  removeGrip(grip: Grip): void {
    const seen = this.stage.scene.get(grip.id);
    if (!seen) return;
    for (const effect of without(grip, seen).effects) {
      if (effect.kind === "perform") this.change(effect.action);
      if (effect.kind === "refused") this.host.say({ what: "refused", fault: effect.fault });
    }
  }

  duplicate(): void {
    const made = duplicates(this.selected, newMarkId, this.context);
    if (!made || this.held.readOnly) return;
    this.change(made.action);
    this.host.select(made.ids);
    this.host.say({ what: "duplicated", count: made.ids.length });
  }

  raise(way: "front" | "back"): void {
    this.change(raised(this.selected, (tool) => marksOf(this.held.document, tool), way));
  }

  private change(action: Action | null): void {
    if (action && !this.held.readOnly) this.host.perform(action);
  }
}

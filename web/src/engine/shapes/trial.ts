/** Drives a tool through events in tests, and brings what it draws to a document that can be undone. */

import { emptyDocument, marksOf } from "../document/apply";
import { beginning, type History, perform } from "../document/history";
import type { Geometry, Json, Mark, MarkId } from "../document/values";
import { imagePoint } from "../geometry/coordinates";
import { actionOf, type Draft, type DrawContext, type Effect, type Running, type ToolEvent } from "./tool";

type At = readonly [number, number];

export class Trial {
  history: History = beginning(emptyDocument);
  readonly effects: Effect[] = [];
  /** The mark that a mask tool paints on. */
  mark: Mark | null = null;

  constructor(
    private readonly run: Running,
    private readonly settings: Readonly<Record<string, Json>> = {},
  ) {}

  get context(): DrawContext {
    const frame = { width: 200, height: 100 };
    return { frame, label: "car", reach: 4, settings: this.settings, mark: this.mark };
  }

  send(...events: readonly ToolEvent[]): this {
    for (const event of events) {
      for (const effect of this.run.send(event, this.context)) {
        this.effects.push(effect);
        const id = `m${this.history.past.length}` as MarkId;
        const action = actionOf(effect, this.run.tool, { id, label: "car", attributes: {}, geometry: {} });
        if (action) this.history = perform(this.history, action);
      }
    }
    return this;
  }

  press = ([x, y]: At, steady = false) => this.send({ kind: "press", at: imagePoint(x, y), steady });
  move = ([x, y]: At, steady = false) => this.send({ kind: "move", at: imagePoint(x, y), steady });
  release = ([x, y]: At, steady = false) => this.send({ kind: "release", at: imagePoint(x, y), steady });
  click = (at: At) => this.move(at).press(at).release(at);
  drag = (from: At, to: At, steady = false) => this.press(from).move(to, steady).release(to, steady);
  place = ([x, y]: At) => this.move([x, y]).send({ kind: "place", at: imagePoint(x, y) });
  finish = ([x, y]: At = [0, 0]) => this.send({ kind: "finish", at: imagePoint(x, y) });
  back = () => this.send({ kind: "back" });
  cancel = () => this.send({ kind: "cancel" });
  option = (name: string) => this.send({ kind: "option", name });

  get isBusy(): boolean {
    return this.run.isBusy();
  }

  get draft(): Draft {
    return this.run.draft(this.context);
  }

  get marks(): readonly Mark[] {
    return marksOf(this.history.present, this.run.tool);
  }

  get geometries(): readonly Geometry[] {
    return this.marks.map(({ geometry }) => geometry);
  }

  get faults(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.kind === "refused" ? [effect.fault] : []));
  }
}

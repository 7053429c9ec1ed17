/** The tool in hand: gives it its events, and brings what it draws to the document. */

import { labelsFor, newMarkId } from "../document/answer";
import type { Mark, MarkId, ToolName } from "../document/values";
import { runningFor, shapeFor } from "../shapes/all";
import {
  actionOf,
  type Brush,
  type Draft,
  type DrawContext,
  type Effect,
  type Running,
  type ToolEvent,
} from "../shapes/tool";
import type { Edits } from "./edits";
import { type Held, type Host, placeOf } from "./host";
import type { InHand, Stage } from "./stage";

export class Drawing {
  private running: Running | null = null;
  /** The mark that is drawn anew. */
  private redraws: MarkId | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly now: () => Held,
    private readonly host: Host,
    private readonly edits: Edits,
    private readonly reach: () => number,
  ) {}

  /** Takes the page's tool in hand; true where it is another than before. */
  take(tool: ToolName | null): boolean {
    if (tool === (this.running?.tool ?? null)) return false;
    this.running = tool === null ? null : (runningFor(tool) ?? null);
    const redrawn = this.redraws === null ? undefined : this.stage.scene.get(this.redraws);
    if (redrawn?.tool !== tool) this.redraws = null;
    return true;
  }

  get tool(): ToolName | null {
    return this.running?.tool ?? null;
  }

  get isBusy(): boolean {
    return this.running?.isBusy() ?? false;
  }

  /** The next shape takes the place of this mark's, or, with null, is a new mark's. */
  redraw(id: MarkId | null): void {
    this.redraws = id;
  }

  send(event: ToolEvent): void {
    const { running } = this;
    if (!running) return;
    const context = this.context();
    if (context) for (const effect of running.send(event, context)) this.after(effect, running.tool, context);
    else if (event.kind === "press" || event.kind === "place") {
      this.host.say({ what: "refused", fault: "no-label" });
    }
    if (event.kind === "option") this.host.brushed(this.brush);
  }

  context(): DrawContext | null {
    const { tool } = this;
    if (tool === null) return null;
    const { definition, frame, label } = this.now();
    const labels = labelsFor(definition.labels, tool);
    const redrawn = this.redraws === null ? undefined : this.stage.scene.get(this.redraws);
    const chosen = redrawn?.mark.label ?? labels.find(({ name }) => name === label)?.name ?? labels[0]?.name;
    if (chosen === undefined) return null;
    const [only] = this.edits.selected;
    const mark = tool === "mask" && only?.tool === "mask" && !only.mark.locked ? only.mark : null;
    return { frame, label: chosen, reach: this.reach(), settings: definition.tools[tool] ?? {}, mark };
  }

  private after(effect: Effect, tool: ToolName, context: DrawContext): void {
    if (effect.kind === "refused") this.host.say({ what: "refused", fault: effect.fault });
    else if (effect.kind === "said") this.host.say(effect);
    else if (effect.kind === "done") this.host.select([]);
    else this.drawn(effect, tool, context);
  }

  private drawn(effect: Effect, tool: ToolName, { label }: DrawContext): void {
    const fresh: Mark = { id: newMarkId(), label, attributes: {}, geometry: {} };
    const { redraws } = this;
    const whole: Effect = effect.kind === "drawn" && redraws !== null ? { ...effect, of: redraws } : effect;
    const action = actionOf(whole, tool, fresh);
    if (action) this.host.perform(action);
    if (whole.kind === "erased") {
      this.host.select([]);
      this.host.say({ what: "removed", count: 1 });
    } else if (whole.kind === "drawn") {
      this.host.select(this.staysInHand(tool, label) || whole.of ? [whole.of ?? fresh.id] : []);
      const bounds = shapeFor(tool)?.bounds(whole.geometry);
      this.host.say({ what: "drawn", seen: { tool, label }, place: bounds ? placeOf(bounds) : "" });
    }
    if (redraws === null) return;
    this.redraws = null;
    this.host.setTool(null);
  }

  /** What is drawn stays selected where there is more to say of it, or else the next label's key would rename it. */
  private staysInHand(tool: ToolName, label: string): boolean {
    const asked = this.now().definition.labels?.find(({ name }) => name === label)?.attributes ?? [];
    return tool === "mask" || asked.length > 0;
  }

  private draftIn(context: DrawContext | null): Draft | null {
    return context && this.running ? this.running.draft(context) : null;
  }

  get draft(): Draft | null {
    return this.draftIn(this.context());
  }

  private get brush(): Brush | null {
    return this.draft?.brush ?? null;
  }

  /** What is to be seen of the tool: the draft, and the mask that is painted on. */
  seen(): Pick<InHand, "draft" | "painted"> {
    const context = this.context();
    const draft = this.draftIn(context);
    const shape = this.tool === null ? undefined : shapeFor(this.tool);
    if (!context || !draft || !shape) return { draft: null, painted: null };
    const { pixel, scene } = this.stage;
    const look = {
      colour: scene.signOf(context.label).colour,
      pixel,
      lineWidth: 2.25 * pixel,
      opacity: 0.16,
      pattern: null,
      dashed: false,
      edges: scene.edgesOf(context.label),
    };
    const faulty = draft.geometry !== null && shape.fault(draft.geometry) === "crossing";
    const painted = context.mark ? (scene.get(context.mark.id) ?? null) : null;
    return { draft: { shape, draft, look, faulty }, painted };
  }
}

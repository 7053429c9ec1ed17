/** The keys of the image surface: the stage's, the selected marks', and those of the tool in hand. */

import { type Command, type Scope, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import type { ToolName } from "@/engine/document/values";
import { keysFor } from "@/engine/hotkeys/catalogue";
import type { SurfaceProps } from "@/surfaces/surface";
import { imageSettings } from "./settings";
import type { Mounted } from "./use_stage";

const FAR_PIXELS = 10;
const ZOOM_STEP = 1.25;

interface Using {
  readonly mounted: Mounted | null;
  readonly props: SurfaceProps;
  /** The tool that was last in hand, or the first there is. */
  readonly lastTool: ToolName | null;
  readonly hasFocus: () => boolean;
  /** Gives the keys to the image. */
  readonly focus?: () => void;
}

export function useImageCommands(using: Using): void {
  useCommands([...views(using), ...arrows(using), ...marks(using), ...tools(using)]);
}

/** A command of the surface, or of the tool; one that repeats runs on while its key is held. */
function command(
  [id, title, ...keys]: readonly [id: string, title: string, ...keys: string[]],
  run: () => void,
  enabled: () => boolean = () => true,
  scope: Scope = "surface",
): Command {
  return { id, title, scope, keys, run: () => run(), enabled };
}

const repeated = (made: Command): Command => ({ ...made, repeat: true });

function views({ mounted }: Using): Command[] {
  const { stage } = mounted ?? {};
  const toggle = (name: "snaps" | "magnifies") => () => {
    const settings = imageSettings.get();
    imageSettings.set({ ...settings, [name]: !settings[name] });
  };
  return [
    repeated(command(["zoom-in", t("Zoom in"), ...keysFor("zoom-in")], () => stage?.zoom(ZOOM_STEP))),
    repeated(command(["zoom-out", t("Zoom out"), ...keysFor("zoom-out")], () => stage?.zoom(1 / ZOOM_STEP))),
    command(["zoom-fit", t("Fit to the window"), ...keysFor("zoom-fit")], () => stage?.fit()),
    command(["image.actual-size", t("Show at 100 %"), "shift+home"], () => stage?.zoomTo(1)),
    command(["image.snap", t("Snap to corners and sides"), "g"], toggle("snaps")),
    command(["image.magnifier", t("Magnifier"), "shift+g"], toggle("magnifies")),
  ];
}

/** Arrows move the cross hair, the corner in hand, the selected marks, or else the view. */
function arrows({ mounted }: Using): Command[] {
  const ways: readonly (readonly [string, string, number, number])[] = [
    ["left", t("Move left"), -1, 0],
    ["right", t("Move right"), 1, 0],
    ["up", t("Move up"), 0, -1],
    ["down", t("Move down"), 0, 1],
  ];
  return ways.flatMap(([way, title, dx, dy]) => [
    repeated(command([`image.${way}`, title, `arrow${way}`], () => mounted?.hand.arrow(dx, dy))),
    repeated(
      command([`image.${way}-far`, t("{way}, ten pixels", { way: title }), `shift+arrow${way}`], () =>
        mounted?.hand.arrow(dx * FAR_PIXELS, dy * FAR_PIXELS),
      ),
    ),
  ]);
}

function marks({ mounted, props, lastTool, hasFocus, focus }: Using): Command[] {
  const { hand } = mounted ?? {};
  const selected = () => !props.readOnly && (hand?.hasSelection ?? false);
  const next = (step: 1 | -1) => () => hand?.next(step);
  const more = (step: 1 | -1) => () => hasFocus() && (hand?.edits.hasNext(step) ?? false);
  const draw = () => {
    if (lastTool) hand?.draw(lastTool);
    focus?.();
  };
  const draws = () => lastTool !== null && !props.readOnly;
  return [
    command(["draw", t("Draw again with the last tool"), ...keysFor("draw")], draw, draws),
    command(["image.redraw", t("Draw the selected mark anew"), "shift+n"], () => hand?.redraw(), selected),
    command(["next-object", t("Select the next mark"), ...keysFor("next-object")], next(1), more(1)),
    command(
      ["previous-object", t("Select the previous mark"), ...keysFor("previous-object")],
      next(-1),
      more(-1),
    ),
    command(["image.select-all", t("Select all marks"), "ctrl+a"], () => hand?.edits.selectAll()),
    command(
      ["duplicate", t("Duplicate the selected marks"), ...keysFor("duplicate")],
      () => hand?.edits.duplicate(),
      selected,
    ),
    command(
      ["image.delete-corner", t("Delete the corner in hand"), ...keysFor("delete")],
      () => hand?.removeGrip(),
      () => selected() && (hand?.canRemoveGrip ?? false),
    ),
    command(
      ["image.to-front", t("Bring to the front"), "alt+arrowup"],
      () => hand?.edits.raise("front"),
      selected,
    ),
    command(
      ["image.to-back", t("Send to the back"), "alt+arrowdown"],
      () => hand?.edits.raise("back"),
      selected,
    ),
    command(
      ["image.occluded", t("The keypoint is occluded"), ...keysFor("occluded")],
      () => hand?.option("occluded"),
      () => props.tool === "keypoints" || selected(),
    ),
    command(
      ["image.absent", t("The keypoint is absent"), ...keysFor("outside")],
      () => hand?.option("absent"),
      () => props.tool === "keypoints" || selected(),
    ),
    command(["image.pin", t("Pin a remark to a place"), ...keysFor("pin")], () => hand?.startPin()),
  ];
}

function tools({ mounted, props, hasFocus }: Using): Command[] {
  const { hand } = mounted ?? {};
  const drawing = () => props.tool !== null && !props.readOnly;
  const busy = () => drawing() && (hand?.isBusy ?? false);
  const painting = () => drawing() && props.tool === "mask";
  const option = (name: string) => () => hand?.option(name);
  const tool = (line: readonly [string, string, ...string[]], run: () => void, enabled: () => boolean) =>
    command(line, run, enabled, "tool");
  return [
    tool(
      ["image.place", t("Set a point at the cross hair"), "space"],
      () => hand?.click("place"),
      () => drawing() && hasFocus() && (hand?.isByKeys ?? false),
    ),
    tool(
      ["image.finish", t("Begin or finish the shape"), "enter"],
      () => hand?.click("finish"),
      () => drawing() && hasFocus(),
    ),
    repeated(
      tool(
        ["image.point-back", t("Take the last point back"), "backspace", ...keysFor("undo")],
        () => hand?.back(),
        busy,
      ),
    ),
    tool(
      ["image.give-up", t("Give up the shape, the tool or the selection"), ...keysFor("pointer")],
      () => hand?.escape(),
      () => busy() || (hand?.hasSomething ?? false),
    ),
    tool(["image.erase", t("Brush or eraser"), "e"], option("erase"), painting),
    tool(["image.lasso", t("Fill what the stroke encloses"), "f"], option("lasso"), painting),
    repeated(tool(["image.thicker", t("Thicker brush"), "]"], option("thicker"), painting)),
    repeated(tool(["image.thinner", t("Thinner brush"), "["], option("thinner"), painting)),
  ];
}

/** The strip beside the image: view, adjustments, snapping, and what the tool in hand can do. */

import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import { Hint, runCommand } from "@/app/commands";
import { usePersisted } from "@/app/persisted";
import { t } from "@/app/words";
import type { ToolName } from "@/engine/document/values";
import type { Brush } from "@/engine/shapes/tool";
import { Button, IconButton } from "@/kit/button";
import { Slider, Switch } from "@/kit/choices";
import type { IconName } from "@/kit/icon";
import { DEFAULTS, type ImageSettings, imageSettings } from "./settings";

interface StripProps {
  /** How the brush is set, while a mask is painted. */
  readonly brush: Brush | null;
  readonly tool: ToolName | null;
  /** Gives the keys back to the image. */
  readonly focus: () => void;
}

export function Strip({ brush, tool, focus }: StripProps) {
  const [settings] = usePersisted(imageSettings);
  const line = (icon: IconName, label: string, command: string, pressed?: boolean) => (
    <IconButton
      icon={icon}
      label={label}
      hint={<Hint command={command} />}
      {...(pressed === undefined ? {} : { pressed })}
      onClick={() => {
        runCommand(command);
        focus();
      }}
    />
  );
  return (
    <div
      role="toolbar"
      aria-label={t("View of the image")}
      aria-orientation="vertical"
      className="flex w-11 shrink-0 flex-col items-center gap-1 overflow-y-auto border-r border-line bg-surface py-2"
    >
      {line("zoomIn", t("Zoom in"), "zoom-in")}
      {line("zoomOut", t("Zoom out"), "zoom-out")}
      {line("fit", t("Fit to the window"), "zoom-fit")}
      {line("actualSize", t("Show at 100 %"), "image.actual-size")}
      <Rule />
      <Adjustments settings={settings} />
      {line("magnet", t("Snap to corners and sides"), "image.snap", settings.snaps)}
      {line("search", t("Magnifier"), "image.magnifier", settings.magnifies)}
      {line("pin", t("Pin a remark to a place"), "image.pin")}
      {tool === "mask" && <Painting brush={brush} line={line} />}
    </div>
  );
}

const Rule = () => <span aria-hidden="true" className="my-1 h-px w-6 shrink-0 bg-line" />;

type Line = (icon: IconName, label: string, command: string, pressed?: boolean) => ReactNode;

function Painting({ brush, line }: { readonly brush: Brush | null; readonly line: Line }) {
  return (
    <>
      <Rule />
      {line("eraser", t("Eraser"), "image.erase", brush?.erases ?? false)}
      {line("lasso", t("Fill what the stroke encloses"), "image.lasso", brush?.filled ?? false)}
      {line("add", t("Thicker brush"), "image.thicker")}
      {line("minus", t("Thinner brush"), "image.thinner")}
    </>
  );
}

function Adjustments({ settings }: { readonly settings: ImageSettings }) {
  const change = (changed: Partial<ImageSettings>) => imageSettings.set({ ...settings, ...changed });
  const isPlain = settings.brightness === 1 && settings.contrast === 1;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton icon="contrast" label={t("Brightness, contrast and fills")} pressed={!isPlain} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="right"
          align="start"
          sideOffset={8}
          collisionPadding={8}
          aria-label={t("Brightness, contrast and fills")}
          className="z-50 flex w-64 flex-col gap-3 rounded-lg border border-line bg-raised p-3 text-sm shadow-float data-[state=open]:animate-rise"
        >
          <Dial
            label={t("Brightness")}
            value={settings.brightness}
            most={2.5}
            set={(brightness) => change({ brightness })}
          />
          <Dial
            label={t("Contrast")}
            value={settings.contrast}
            most={3}
            set={(contrast) => change({ contrast })}
          />
          <Dial
            label={t("Fill of shapes")}
            value={settings.opacity}
            most={0.8}
            set={(opacity) => change({ opacity })}
          />
          <Choice
            label={t("Patterns for labels")}
            on={settings.patterns}
            set={(patterns) => change({ patterns })}
          />
          <Choice
            label={t("Letters for labels")}
            on={settings.letters}
            set={(letters) => change({ letters })}
          />
          <Button size="sm" onClick={() => change(DEFAULTS)}>
            {t("As it was")}
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface DialProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly set: (value: number) => void;
}

const Dial = ({ label, value, most, set }: DialProps) => (
  <div className="flex flex-col">
    <span className="flex justify-between text-quiet">
      {label}
      <span className="text-ink tabular-nums">{Math.round(value * 100)} %</span>
    </span>
    <Slider
      label={label}
      value={value}
      minimum={0}
      maximum={most}
      step={0.02}
      onChange={set}
      className="w-full"
    />
  </div>
);

const Choice = (props: { label: string; on: boolean; set: (on: boolean) => void }) => (
  <span className="flex items-center justify-between text-ink">
    {props.label}
    <Switch label={props.label} checked={props.on} onChange={props.set} />
  </span>
);

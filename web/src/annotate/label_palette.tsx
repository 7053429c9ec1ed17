/** The drawing tools and the labels: what the next mark will be, each with its key. */

import { Hint } from "@/app/commands";
import { t } from "@/app/words";
import type { Definition, Label, ToolName } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import type { IconName } from "@/kit/icon";
import { colourOf } from "./labels";

const ICONS: Readonly<Record<ToolName, IconName>> = {
  box: "box",
  rotated_box: "box",
  polygon: "polygon",
  polyline: "polygon",
  keypoints: "people",
  mask: "brush",
  spans: "text",
  relations: "relation",
  tracks: "video",
  segments: "video",
};

export const toolTitle = (tool: ToolName): string => t(tool.replaceAll("_", " "));

export interface LabelPaletteProps {
  readonly definition: Definition;
  readonly tools: readonly ToolName[];
  readonly tool: ToolName | null;
  readonly setTool: (tool: ToolName | null) => void;
  readonly labels: readonly Label[];
  readonly label: string | null;
  readonly pick: (label: string) => void;
}

export function LabelPalette(props: LabelPaletteProps) {
  const { definition, tools, tool, setTool, labels, label, pick } = props;
  return (
    <nav aria-label={t("Tools and labels")} className="flex min-h-0 flex-col gap-3 overflow-y-auto p-2">
      <div className="flex flex-col gap-0.5">
        <Tool
          icon="pointer"
          title={t("select")}
          command="pointer"
          on={tool === null}
          choose={() => setTool(null)}
        />
        {tools.map((one) => (
          <Tool
            key={one}
            icon={ICONS[one] ?? "pencil"}
            title={toolTitle(one)}
            command={`tool-${one}`}
            on={tool === one}
            choose={() => setTool(one)}
          />
        ))}
      </div>
      <div role="radiogroup" aria-label={t("Label of new marks")} className="flex flex-col gap-0.5">
        <h2 className="px-2 pb-1 text-xs font-medium text-quiet">{t("Labels")}</h2>
        {labels.map((one, place) => (
          <Button
            key={one.name}
            look="ghost"
            role="radio"
            aria-checked={label === one.name}
            title={one.description}
            onClick={() => pick(one.name)}
            className={classes("justify-start!", label === one.name && "bg-accent-soft! text-accent-ink!")}
          >
            <svg width="12" height="12" aria-hidden="true" className="shrink-0">
              <rect width="12" height="12" rx="3" fill={colourOf(definition, one.name)} />
            </svg>
            <span className="min-w-0 flex-1 truncate text-left">{one.name}</span>
            <Hint command={`label-${place + 1}`} />
          </Button>
        ))}
      </div>
    </nav>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly title: string;
  readonly command: string;
  readonly on: boolean;
  readonly choose: () => void;
}

const Tool = ({ icon, title, command, on, choose }: ToolProps) => (
  <Button
    look="ghost"
    icon={icon}
    aria-pressed={on}
    onClick={choose}
    className={classes("justify-start!", on && "bg-accent-soft! text-accent-ink!")}
  >
    <span className="flex-1 text-left">{title}</span>
    <Hint command={command} />
  </Button>
);

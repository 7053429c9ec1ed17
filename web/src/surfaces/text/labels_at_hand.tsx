/** The labels beside what the pointer has selected: one click, or one key, marks it. */

import { t } from "@/app/words";
import type { Sign } from "@/engine/document/colours";
import { keysOf } from "@/engine/document/labels";
import type { Label } from "@/engine/document/values";
import { shownKeys } from "@/engine/hotkeys/chord";
import type { Box } from "@/engine/text/placing";
import { Kbd } from "@/kit/kbd";

interface LabelsAtHandProps {
  readonly labels: readonly Label[];
  readonly signOf: (label: string) => Sign;
  readonly foot: Box;
  readonly frameWidth: number;
  readonly mark: (label: string) => void;
}

const WIDTH = 320;

export function LabelsAtHand({ labels, signOf, foot, frameWidth, mark }: LabelsAtHandProps) {
  const keys = keysOf(labels);
  const width = Math.min(WIDTH, frameWidth);
  const left = Math.max(0, Math.min(foot.left, frameWidth - width));
  return (
    <div
      role="toolbar"
      aria-label={t("Mark the selection as")}
      className="absolute z-20 flex max-h-56 animate-rise flex-wrap gap-1 overflow-y-auto rounded-lg border border-line bg-raised p-1.5 shadow-float"
      style={{ left, top: foot.bottom + 10, maxWidth: width }}
      onMouseDown={(event) => event.preventDefault()}
    >
      {labels.map(({ name, description }) => {
        const [key] = keys.get(name) ?? [];
        return (
          <button
            key={name}
            type="button"
            title={description}
            onClick={() => mark(name)}
            className="flex h-8 items-center gap-1.5 rounded-md px-2 text-sm hover:bg-hover"
          >
            <span className="size-2.5 rounded-sm" style={{ background: signOf(name).colour }} />
            {name}
            {key && <Kbd keys={shownKeys(key)} />}
          </button>
        );
      })}
    </div>
  );
}

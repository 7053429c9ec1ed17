/** What was answered, in a few words: labels with their colours, and how sure it is. */

import type { ModalityShape } from "@/api/client";
import { t } from "@/app/words";
import { classes } from "@/kit/classes";
import { Badge, type BadgeProps } from "@/kit/shown";
import { type State, stateWords } from "./filter";

export type Colour = (label: string) => string;

export interface ToldProps {
  readonly told: ModalityShape<"FoundView">["told"];
  readonly colour: Colour;
  readonly className?: string;
}

export function Told({ told, colour, className }: ToldProps) {
  return (
    <span className={classes("flex min-w-0 flex-wrap gap-1 overflow-hidden", className)}>
      {told.map(({ word, times, label }) => (
        <span
          key={`${word} ${label}`}
          className="inline-flex h-5 max-w-full min-w-0 items-center gap-1.5 rounded-full border border-line bg-surface px-2 text-xs"
        >
          {label && <span className="size-2 shrink-0 rounded-full" style={{ background: colour(word) }} />}
          <span className="truncate">{word}</span>
          {times > 1 && <span className="text-quiet tabular-nums">×{times}</span>}
        </span>
      ))}
    </span>
  );
}

const TONES: Readonly<Record<State, BadgeProps["tone"]>> = {
  open: "accent",
  paused: "warn",
  done: "good",
  cancelled: "plain",
  gold: "warn",
};

export const StateBadge = ({ state }: { readonly state: State }) => (
  <Badge tone={TONES[state] ?? "plain"}>{stateWords(state)}</Badge>
);

/** A share in per cent, or a dash where there is none. */
export const Share = ({ share, of }: { readonly share: number | null; readonly of: string }) => (
  <span className="text-sm tabular-nums" title={of}>
    {share === null ? (
      <>
        <span aria-hidden="true" className="text-quiet">
          –
        </span>
        <span className="sr-only">{t("not known")}</span>
      </>
    ) : (
      `${Math.round(100 * share)} %`
    )}
  </span>
);

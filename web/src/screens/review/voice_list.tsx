/** Whose answers are shown: the outcome and how sure it is, each answer with its colour, key and agreement. */

import { Hint } from "@/app/commands";
import { t } from "@/app/words";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { Progress } from "@/kit/shown";
import { Chip } from "./chip";
import type { Reviewed } from "./preparing";
import type { Looking } from "./use_looking";
import type { Voice } from "./voices";

export interface VoiceListProps {
  readonly reviewed: Reviewed;
  readonly looking: Looking;
  readonly amend: (voice: Voice) => void;
}

export function VoiceList({ reviewed, looking, amend }: VoiceListProps) {
  const { voices, behind, shares } = reviewed;
  const [outcome, ...answers] = voices;
  if (!outcome) return null;
  const line = (voice: Voice) => (
    <Line
      key={voice.number}
      voice={voice}
      share={voice.number === 0 ? null : (shares[voice.number] ?? null)}
      shown={looking.shown.has(voice.number)}
      toggle={() => looking.toggle(voice.number)}
      only={() => looking.only(voice.number)}
      amend={() => amend(voice)}
    />
  );
  return (
    <nav aria-label={t("Answers")} className="flex min-h-0 flex-col gap-1 overflow-y-auto p-2">
      <h2 className="px-2 pt-1 text-xs font-medium text-quiet">{t("Outcome")}</h2>
      {line(outcome)}
      <Certainty reviewed={reviewed} />
      <h2 className="px-2 pt-2 text-xs font-medium text-quiet">
        {t("{count, plural, =0 {Answers} one {# answer} other {# answers}}", { count: behind.count ?? 0 })}
      </h2>
      {answers.map(line)}
      {answers.length === 0 && (
        <p className="px-2 text-sm text-quiet">
          {t("This project shows reviewers the outcome alone, so that nothing sways them.")}
        </p>
      )}
    </nav>
  );
}

interface LineProps {
  readonly voice: Voice;
  /** Of one mind with the outcome, 0 to 1. */
  readonly share: number | null;
  readonly shown: boolean;
  readonly toggle: () => void;
  readonly only: () => void;
  readonly amend: () => void;
}

function Line({ voice, share, shown, toggle, only, amend }: LineProps) {
  const { number, name } = voice;
  return (
    <div
      className={classes("group flex items-center rounded-md pr-1 hover:bg-hover", !shown && "text-quiet")}
    >
      <button
        type="button"
        aria-pressed={shown}
        onClick={toggle}
        onDoubleClick={only}
        className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left"
      >
        <Chip voice={voice} hollow={!shown} />
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {share !== null && (
          <span className="text-xs text-quiet tabular-nums">
            <span className="sr-only">{t("agrees with the outcome to")} </span>
            {Math.round(100 * share)} %
          </span>
        )}
        <Hint command={`review-show-${number}`} />
      </button>
      <IconButton
        size="sm"
        icon="pencil"
        label={t("Amend from {name}", { name })}
        onClick={amend}
        className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      />
    </div>
  );
}

const LOW = 0.7;

/** How sure the consensus was, and how far the answers agreed. */
function Certainty({ reviewed: { behind } }: Pick<VoiceListProps, "reviewed">) {
  const { aggregator, confidence, agreement, count = 0 } = behind;
  if (typeof confidence !== "number") return null;
  const isAmended = aggregator === "review";
  return (
    <div className="mx-2 flex flex-col gap-1.5 rounded-md border border-line bg-surface px-2.5 py-2 text-sm">
      {isAmended ? (
        <p className="flex items-center gap-1.5 text-quiet">
          <Icon name="pencil" className="size-3.5" />
          {t("Amended by the reviewer before you.")}
        </p>
      ) : (
        <>
          <p className="flex items-baseline justify-between gap-2">
            <span className="text-quiet">{t("Confidence")}</span>
            <span className={classes("font-medium tabular-nums", confidence < LOW && "text-warn")}>
              {Math.round(100 * confidence)} %
            </span>
          </p>
          <Progress label={t("Confidence")} share={confidence} />
          {typeof agreement === "number" && count > 1 && (
            <p className="flex items-baseline justify-between gap-2">
              <span className="text-quiet">{t("Agreement")}</span>
              <span className="tabular-nums">{agreement.toFixed(2)}</span>
            </p>
          )}
          <p className="text-xs text-quiet">
            {aggregator === "live"
              ? t("combined as the answers came")
              : t("combined by {method}", { method: aggregator ?? "" })}
          </p>
        </>
      )}
    </div>
  );
}

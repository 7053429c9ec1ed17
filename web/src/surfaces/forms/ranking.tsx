/** Replies from the best to the worst, with ties: by keys, by buttons or by dragging. */

import { type DragEvent, type RefObject, useRef, useState } from "react";
import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";
import { asGiven, joinedTo, moved, placed, type Tiers, tied } from "@/engine/text/ranking";
import { Button, IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Kbd } from "@/kit/kbd";
import { digitCommands, FormFrame, KeyHints, stepCommands, useFormCommands } from "../form_frame";
import type { FormProps } from "../surface";
import { Prompt, Prose } from "../text/item_reading";

export default function RankingForm(props: FormProps) {
  const { readOnly } = props;
  const box = useRef<HTMLElement>(null);
  const ranking = useRanking(props);
  const { ties, ranked } = ranking;
  useRankingCommands(props, box, ranking);
  return (
    <div className="flex min-h-full flex-col">
      {props.task.item.prompt !== undefined && <Prompt prompt={props.task.item.prompt} />}
      <div className="mx-auto w-full max-w-[100ch] flex-1 p-4 sm:p-6">
        <FormFrame
          tool={props.tool}
          title={t("From the best to the worst")}
          said={ranked ? t("ranked") : t("not ranked yet")}
          box={box}
          className="gap-3"
        >
          <ol className="flex flex-col gap-3">
            {ranking.tiers.map((tier, place) => (
              <Tier
                key={tier.join(" ")}
                place={place}
                tier={tier}
                last={place === ranking.tiers.length - 1}
                texts={ranking.texts}
                current={ranking.current}
                ties={ties}
                readOnly={readOnly}
                ranked={ranked}
                hold={ranking.hold}
                move={(candidate, by) => ranking.put(moved(ranking.tiers, candidate, by))}
                tie={(candidate) => ranking.put(tied(ranking.tiers, candidate))}
                join={(candidate) =>
                  ranking.put(
                    ties
                      ? joinedTo(ranking.tiers, candidate, place)
                      : placed(ranking.tiers, candidate, place),
                  )
                }
                insert={(candidate) => ranking.put(placed(ranking.tiers, candidate, place))}
              />
            ))}
          </ol>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <KeyHints
              hints={[
                [["J", "K"], t("choose")],
                [["Shift", "↑", "↓"], t("move")],
                ...(ties ? [[["T"], t("tie")] as const] : []),
                [["1", "…"], t("to a place")],
              ]}
            />
            {!ranked && !readOnly && (
              <Button look="plain" onClick={() => ranking.put(ranking.tiers)}>
                {t("Keep this order")} <Kbd keys={["Enter"]} />
              </Button>
            )}
          </div>
        </FormFrame>
      </div>
    </div>
  );
}

type Ranking = ReturnType<typeof useRanking>;

/** The tiers as they are now, and the reply in hand. */
function useRanking({ tool, task, definition, document, perform, readOnly, announce }: FormProps) {
  const [held, setHeld] = useState<number | null>(null);
  const texts = Array.isArray(task.item.candidates) ? task.item.candidates.map(String) : [];
  const given = tiersOf(document.forms[tool]);
  const tiers = given ?? asGiven(texts.length);
  const order = tiers.flat();
  const current = held !== null && order.includes(held) ? held : (order[0] ?? 0);
  return {
    texts,
    tiers,
    current,
    ranked: given !== null,
    ties: definition.tools[tool]?.ties !== false,
    hold: setHeld,
    put: (next: Tiers) => {
      if (readOnly) return;
      perform({ kind: "fill", tool, value: { tiers: next.map((tier) => [...tier]) } });
      const place = next.findIndex((tier) => tier.includes(current)) + 1;
      announce(t("Reply {name}: place {place} of {all}", { name: nameOf(current), place, all: next.length }));
    },
    /** Takes the next reply in hand, or the one before, and returns it. */
    go: (by: number) => {
      const next = order[Math.max(0, Math.min(order.indexOf(current) + by, order.length - 1))] ?? current;
      setHeld(next);
      announce(t("Reply {name}", { name: nameOf(next) }));
      return next;
    },
  };
}

function useRankingCommands(props: FormProps, box: RefObject<HTMLElement | null>, ranking: Ranking): void {
  const { tiers, current, put } = ranking;
  const go = (by: 1 | -1) => {
    const found = box.current?.querySelector(`[data-candidate="${ranking.go(by)}"]`);
    found?.scrollIntoView({ block: "nearest" });
  };
  const move = (by: 1 | -1) => () => put(moved(tiers, current, by));
  useFormCommands(props, box, [
    ...stepCommands(t("Next reply"), t("Previous reply"), go),
    { id: "better", title: t("A place up"), keys: ["shift+up", "shift+k"], run: move(-1) },
    { id: "worse", title: t("A place down"), keys: ["shift+down", "shift+j"], run: move(1) },
    {
      id: "tie",
      title: t("Tie with the one above, or undo"),
      keys: ["t"],
      enabled: () => ranking.ties,
      run: () => put(tied(tiers, current)),
    },
    {
      id: "keep",
      title: t("Keep this order"),
      keys: ["enter"],
      enabled: () => !ranking.ranked,
      run: () => put(tiers),
    },
    ...digitCommands(t("To place"), (digit) => {
      const place = Number(digit) - 1;
      if (place >= 0 && place < ranking.texts.length) put(placed(tiers, current, place));
    }),
  ]);
}

/** Return the tiers that a value has; null where it has none. */
function tiersOf(value: Json | undefined): Tiers | null {
  const tiers = isRecord(value) ? value.tiers : undefined;
  if (!Array.isArray(tiers)) return null;
  return tiers.map((tier: Json) =>
    Array.isArray(tier) ? tier.filter((one) => typeof one === "number") : [],
  );
}

/** Replies are named as the item has them, so that a name stays while its place changes: A to Z, then numbers. */
const nameOf = (candidate: number): string =>
  candidate < 26 ? String.fromCharCode(65 + candidate) : String(candidate + 1);

interface TierProps {
  readonly place: number;
  readonly tier: readonly number[];
  readonly last: boolean;
  readonly texts: readonly string[];
  readonly current: number;
  readonly ties: boolean;
  readonly readOnly: boolean;
  readonly ranked: boolean;
  readonly hold: (candidate: number) => void;
  readonly move: (candidate: number, by: 1 | -1) => void;
  readonly tie: (candidate: number) => void;
  /** Dropped on the tier: beside those in it. */
  readonly join: (candidate: number) => void;
  /** Dropped on the tier's number: in front of it. */
  readonly insert: (candidate: number) => void;
}

const DRAGGED = "application/x-annotary-candidate";

function Tier(props: TierProps) {
  const { place, tier, ranked } = props;
  const [over, setOver] = useState(false);
  const dropping = (drop: (candidate: number) => void) => ({
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(DRAGGED)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      const candidate = Number(event.dataTransfer.getData(DRAGGED));
      if (Number.isInteger(candidate)) drop(candidate);
    },
  });
  return (
    <li
      {...dropping(props.join)}
      className={classes(
        "flex gap-3 rounded-lg",
        over && "outline-2 outline-accent outline-dashed outline-offset-4",
      )}
    >
      <div
        {...dropping(props.insert)}
        className={classes(
          "flex w-8 shrink-0 items-center justify-center rounded-lg font-semibold text-lg tabular-nums",
          ranked ? "bg-accent-soft text-accent-ink" : "bg-sunken text-quiet",
        )}
      >
        {place + 1}
      </div>
      <ul className="flex min-w-0 flex-1 flex-col gap-1.5">
        {tier.map((candidate) => (
          <Candidate key={candidate} {...props} candidate={candidate} />
        ))}
      </ul>
    </li>
  );
}

function Candidate({ candidate, texts, current, ...props }: TierProps & { readonly candidate: number }) {
  const { readOnly, hold, place, tier, last } = props;
  const name = nameOf(candidate);
  const alone = tier.length === 1;
  return (
    <li
      data-candidate={candidate}
      draggable={!readOnly}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, String(candidate));
        hold(candidate);
      }}
      className={classes(
        "flex gap-3 rounded-lg border-2 bg-raised p-3 shadow-card max-sm:flex-col",
        current === candidate ? "border-accent" : "border-line",
        !readOnly && "cursor-grab active:cursor-grabbing",
      )}
    >
      <button
        type="button"
        aria-pressed={current === candidate}
        aria-label={t("Reply {name}, place {place}", { name, place: place + 1 })}
        onClick={() => hold(candidate)}
        className="flex size-7 shrink-0 items-center justify-center rounded-md bg-sunken font-semibold text-quiet text-sm hover:text-ink"
      >
        {name}
      </button>
      <Prose className="min-w-0 flex-1">{texts[candidate]}</Prose>
      {!readOnly && (
        <span className="flex shrink-0 gap-0.5 max-sm:self-end">
          <IconButton
            size="sm"
            icon="chevronUp"
            label={t("{name} up", { name })}
            disabled={alone && place === 0}
            onClick={() => props.move(candidate, -1)}
          />
          <IconButton
            size="sm"
            icon="chevronDown"
            label={t("{name} down", { name })}
            disabled={alone && last}
            onClick={() => props.move(candidate, 1)}
          />
          {props.ties && (
            <IconButton
              size="sm"
              icon="link"
              label={alone ? t("Tie {name} with the one above", { name }) : t("Untie {name}", { name })}
              pressed={!alone}
              onClick={() => props.tie(candidate)}
            />
          )}
        </span>
      )}
    </li>
  );
}

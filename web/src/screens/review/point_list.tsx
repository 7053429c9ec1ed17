/** What the answers say, point by point: what differs first, each with who says what; choosing one shows its marks. */

import { useDeferredValue, useEffect, useRef, useState } from "react";
import { t } from "@/app/words";
import type { Json } from "@/engine/document/values";
import { difference } from "@/engine/text/difference";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { Badge, type BadgeProps } from "@/kit/shown";
import { Differing } from "@/surfaces/differing";
import { Chip } from "./chip";
import { differs, type Point } from "./comparison";
import type { Looking } from "./use_looking";
import type { Voice } from "./voices";
import { excerptOf, toolWords } from "./wording";

export interface PointListProps {
  readonly points: readonly Point[];
  readonly voices: readonly Voice[];
  readonly looking: Looking;
  /** The text that is marked, where there is one. */
  readonly text: Json | undefined;
}

const LINES_FIRST = 8;

export function PointList({ points, voices, looking, text }: PointListProps) {
  const [all, setAll] = useState(false);
  const agreed = points.length - looking.differences.length;
  const listed = all || looking.differences.length === 0 ? points : looking.differences;
  // The item is drawn first: lines that are below the screen follow when there is time.
  const count = useDeferredValue(listed.length, Math.min(listed.length, LINES_FIRST));
  const shown = listed.slice(0, count);
  return (
    <div className="flex h-full min-h-0 flex-col gap-2 overflow-y-auto px-2 pb-3">
      {looking.differences.length === 0 && (
        <p className="mx-1 flex items-center gap-2 rounded-md bg-good-soft px-2.5 py-2 text-sm text-good">
          <Icon name="check" />
          {voices.length > 1 ? t("All are of one mind.") : t("There is nothing to compare it with.")}
        </p>
      )}
      <ul aria-label={t("What the answers say")} className="flex flex-col gap-1.5">
        {shown.map((point) => (
          <Line
            key={point.key}
            point={point}
            voices={voices}
            excerpt={excerptOfPoint(text, point)}
            chosen={looking.at === point}
            choose={() => looking.go(looking.at === point ? null : point)}
          />
        ))}
      </ul>
      {agreed > 0 && looking.differences.length > 0 && (
        <Button size="sm" look="ghost" icon={all ? "chevronUp" : "chevronDown"} onClick={() => setAll(!all)}>
          {all
            ? t("Only what differs")
            : t("{count, plural, one {# more that all agree on} other {# more that all agree on}}", {
                count: agreed,
              })}
        </Button>
      )}
    </div>
  );
}

const STANDS: Readonly<Record<Point["stand"], readonly [tone: BadgeProps["tone"], words: string]>> = {
  missing: ["warn", "not in all"],
  label: ["warn", "other label"],
  value: ["warn", "not the same"],
  place: ["accent", "other place"],
  agreed: ["good", "agreed"],
};

/** Return the words that a point is about: those that the outcome marks, or else whoever does. */
function excerptOfPoint(text: Json | undefined, { said }: Point): string {
  const mark = said.find((one) => one?.mark)?.mark;
  return mark ? excerptOf(text, mark) : "";
}

interface LineProps {
  readonly point: Point;
  readonly excerpt: string;
  readonly voices: readonly Voice[];
  readonly chosen: boolean;
  readonly choose: () => void;
}

function Line({ point, excerpt, voices, chosen, choose }: LineProps) {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const [tone = "plain", words] = STANDS[point.stand];
  const alone = voices.length < 2;
  return (
    <li ref={line}>
      <button
        type="button"
        aria-pressed={chosen}
        onClick={choose}
        className={classes(
          "flex w-full flex-col gap-1.5 rounded-md border px-2.5 py-2 text-left",
          chosen ? "border-accent bg-accent-soft" : "border-line bg-raised hover:bg-hover",
        )}
      >
        <span className="flex w-full items-center gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">
            {excerpt ? `“${excerpt}”` : point.about || toolWords(point.tool)}
          </span>
          {(point.about || excerpt) && <span className="text-xs text-quiet">{toolWords(point.tool)}</span>}
          {!alone && <Badge tone={differs(point) ? tone : "plain"}>{t(words)}</Badge>}
        </span>
        {groupsOf(point).map(([said, numbers]) => (
          <span key={said ?? ""} className="flex w-full items-start gap-2 text-sm">
            <span className="flex shrink-0 gap-0.5">
              {numbers.map((number) => {
                const voice = voices[number];
                return voice && <Chip key={number} voice={voice} hollow={said === null} />;
              })}
            </span>
            <span className="sr-only">{numbers.map((number) => voices[number]?.name).join(", ")}: </span>
            <span
              className={classes(
                "max-h-40 min-w-0 overflow-hidden break-words",
                said === null && "text-quiet",
              )}
            >
              {said === null ? t("nothing") : <Words point={point} said={said} />}
            </span>
          </span>
        ))}
      </button>
    </li>
  );
}

/** Longer texts are told by what differs from the outcome's. */
function Words({ point, said }: { readonly point: Point; readonly said: string }) {
  const [outcome] = point.said;
  if (point.tool !== "rewrite" || !outcome || outcome.words === said) return said;
  return <Differing runs={difference(outcome.words, said)} />;
}

/** Return what is said, each with the numbers of those who say it; null for those who say nothing. */
function groupsOf({ said }: Point): readonly (readonly [string | null, readonly number[]])[] {
  const groups = new Map<string | null, number[]>();
  said.forEach((one, number) => {
    const words = one?.words ?? null;
    groups.set(words, [...(groups.get(words) ?? []), number]);
  });
  return [...groups];
}

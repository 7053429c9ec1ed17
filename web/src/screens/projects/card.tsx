/** One project as a card: the whole of it is the link to its work. */

import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { roleWord } from "@/app/account-menu";
import { counted, t } from "@/app/words";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { Badge, Progress } from "@/kit/shown";
import { type Card, COUNTED, ICONS } from "./cards";

export interface ProjectCardProps {
  readonly card: Card;
  readonly digit: number | null;
  /** It takes the focus, so that Enter begins. */
  readonly first: boolean;
}

export function ProjectCard({ card, digit, first }: ProjectCardProps) {
  const { project, role } = card;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // Only while nothing else has it: an answer that comes late takes the focus from nobody.
    if (first && (document.activeElement === document.body || document.activeElement?.id === "content"))
      link.current?.focus({ preventScroll: true });
  }, [first]);
  return (
    <Link
      ref={link}
      to="/projects/$project/annotate"
      params={{ project: project.id }}
      disabled={project.state !== "active"}
      data-card
      className={classes(
        "group flex min-h-40 w-full min-w-0 flex-col rounded-lg border border-line bg-raised p-4 shadow-card transition-colors",
        "hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent",
        "focus-visible:outline-offset-0 aria-disabled:bg-surface aria-disabled:shadow-none",
      )}
    >
      <span className="flex items-start gap-3">
        <span className="inline-flex size-8 shrink-0 items-center justify-center rounded-md bg-accent-soft text-accent-ink">
          <Icon name={ICONS[project.modality]} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate text-lg font-semibold tracking-tight">{project.name}</span>
          <span className="block text-sm text-quiet">
            {modalityWord(project.modality)} · {roleWord(role)}
          </span>
        </span>
        {digit !== null && <Kbd keys={[String(digit)]} />}
      </span>
      <Waits card={card} />
      <Foot card={card} />
    </Link>
  );
}

const BELOW = "inline-flex items-center gap-1.5 rounded-md px-1.5 py-0.5 text-sm text-quiet hover:text-ink";

/** Below the card: the project's own pages and its reviews, for whoever reviews or manages it. */
export const ToPages = ({ card: { project, role } }: { readonly card: Card }) =>
  role === "annotator" ? null : (
    <p className="mt-1 flex gap-1">
      <Link to="/projects/$project" params={{ project: project.id }} className={BELOW}>
        <Icon name="layers" className="size-3.5" />
        {t("Open")}
        <span className="sr-only">{t("the pages of {name}", { name: project.name })}</span>
      </Link>
      <Link to="/projects/$project/review" params={{ project: project.id }} className={BELOW}>
        <Icon name="eye" className="size-3.5" />
        {t("Review")}
        <span className="sr-only">{project.name}</span>
      </Link>
    </p>
  );

const modalityWord = (modality: "text" | "image" | "video"): string =>
  ({ text: t("Text"), image: t("Images"), video: t("Video") })[modality];

/** The number that matters: how much waits, and whether something was begun. */
function Waits({ card: { project, waiting } }: { readonly card: Card }) {
  if (project.state === "paused")
    return (
      <span className="mt-3 block">
        <Badge tone="warn" icon="pause">
          {t("Paused by a manager")}
        </Badge>
      </span>
    );
  const open = waiting?.open ?? 0;
  const begun = waiting?.mine_leased ?? 0;
  return (
    <span className="mt-3 flex min-h-8 items-baseline gap-2">
      {waiting === null ? (
        <span className="text-quiet">{t("Counting…")}</span>
      ) : open + begun === 0 ? (
        <span className="text-quiet">{t("Nothing waits for you")}</span>
      ) : (
        <>
          <span className="text-2xl font-semibold tracking-tight tabular-nums">
            {open >= COUNTED ? `${counted(COUNTED)}+` : counted(open + begun)}
          </span>
          <span className="text-quiet">
            {t("{open, plural, one {task waits} other {tasks wait}}", { open: open + begun })}
          </span>
          {begun > 0 && (
            <span className="ml-auto self-center">
              <Badge tone="accent" icon="pencil">
                {t("{begun} begun", { begun })}
              </Badge>
            </span>
          )}
        </>
      )}
    </span>
  );
}

function Foot({ card: { project, waiting, progress } }: { readonly card: Card }) {
  const mine = waiting?.answered_by_me ?? 0;
  const share = progress && progress.tasks > 0 ? progress.done / progress.tasks : null;
  return (
    <span className="mt-auto block pt-3">
      {share !== null && progress && (
        <Progress label={t("{name}: done", { name: project.name })} share={share} className="mb-2" />
      )}
      <span className="flex items-center gap-3 text-sm text-quiet tabular-nums">
        <span>
          {progress && progress.tasks === 0
            ? t("No tasks yet")
            : progress
              ? t("{done} of {tasks} done", { done: counted(progress.done), tasks: counted(progress.tasks) })
              : t(
                  "{mine, plural, =0 {No answer of yours yet} one {# answer of yours} other {# answers of yours}}",
                  { mine },
                )}
        </span>
        {progress !== null && mine > 0 && <span>{t("{mine} yours", { mine: counted(mine) })}</span>}
        <span className="ml-auto inline-flex items-center gap-1 font-medium text-accent-ink opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100">
          {waiting?.mine_leased ? t("Go on") : t("Begin")}
          <Icon name="arrowRight" className="size-3.5" />
        </span>
      </span>
    </span>
  );
}

/** What is only looked at: badges, avatars, progress, places that are empty or still loading. */

import type { ReactNode } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./icon";

type Tone = "plain" | "accent" | "good" | "warn" | "bad";
const TONES: Readonly<Record<Tone, string>> = {
  plain: "bg-sunken text-quiet border-line",
  accent: "bg-accent-soft text-accent-ink border-transparent",
  good: "bg-good-soft text-good border-transparent",
  warn: "bg-warn-soft text-warn border-transparent",
  bad: "bg-bad-soft text-bad border-transparent",
};

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

export function Badge({ tone = "plain", icon, children }: BadgeProps) {
  return (
    <span
      className={classes(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-full border px-2 text-xs font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {icon && <Icon name={icon} className="size-3" />}
      {children}
    </span>
  );
}

/** A person as the first letters of their name; the name itself stands beside it or in a label. */
export function Avatar({ name, className }: { readonly name: string; readonly className?: string }) {
  const letters = name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => Array.from(word)[0] ?? "")
    .join("");
  return (
    <span
      aria-hidden="true"
      className={classes(
        "inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-ink uppercase",
        className,
      )}
    >
      {letters || "?"}
    </span>
  );
}

export interface ProgressProps {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly className?: string;
}

/** A bar as an SVG: a width in per cent needs no inline style. */
export function Progress({ label, share, className }: ProgressProps) {
  const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={classes("h-1.5 overflow-hidden rounded-full bg-line", className)}
    >
      <svg width="100%" height="100%" aria-hidden="true" className="block text-accent">
        <rect width={`${percent}%`} height="100%" fill="currentColor" />
      </svg>
    </div>
  );
}

export interface EmptyProps {
  readonly icon?: IconName;
  readonly title: string;
  /** What it is for and what to do: an empty place teaches. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ icon = "folder", title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-12 text-center">
      <span className="mb-1 inline-flex size-11 items-center justify-center rounded-full bg-accent-soft text-accent-ink">
        <Icon name={icon} className="size-5" />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="text-base text-quiet">{children}</div>
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

/** A place that is loading, in the size of what will stand there. */
export const Skeleton = ({ className }: { readonly className?: string }) => (
  <div aria-hidden="true" className={classes("animate-breathe rounded-md bg-sunken", className)} />
);

export interface NoticeProps {
  readonly tone?: Exclude<Tone, "plain">;
  readonly children: ReactNode;
}

/** A sentence that must not be missed, in the page's own flow. */
export function Notice({ tone = "bad", children }: NoticeProps) {
  return (
    <div
      role="alert"
      className={classes("flex items-start gap-2 rounded-md px-3 py-2 text-base", TONES[tone])}
    >
      <Icon name={tone === "good" ? "check" : "alert"} className="mt-0.5" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

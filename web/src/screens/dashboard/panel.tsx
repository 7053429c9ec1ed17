/** A part of the overview: its name, what it says, and what stands there while it loads or where it failed. */

import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { problemOf } from "@/api/client";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Notice, Skeleton } from "@/kit/shown";

export interface PanelProps<T> {
  readonly title: string;
  /** What its numbers mean, in a sentence. */
  readonly about?: ReactNode;
  readonly found: UseQueryResult<T>;
  readonly wide?: boolean;
  readonly children: (data: T) => ReactNode;
}

export function Panel<T>({ title, about, found, wide, children }: PanelProps<T>) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classes(
        "flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-raised p-4",
        wide && "lg:col-span-2",
      )}
    >
      <header>
        <h3 id={id} className="text-lg font-semibold tracking-tight">
          {title}
        </h3>
        {about && <p className="text-sm text-quiet">{about}</p>}
      </header>
      {found.data !== undefined && children(found.data)}
      {found.isPending && <Skeleton className="h-56" />}
      {found.error && (
        <Notice>
          {problemOf(found.error).message}{" "}
          <Button size="sm" onClick={() => void found.refetch()}>
            {t("Try again")}
          </Button>
        </Notice>
      )}
    </section>
  );
}

/** A part that has nothing to show yet says what will stand there, and what brings it. */
export const NothingYet = ({ children }: { readonly children: ReactNode }) => (
  <p className="rounded-md bg-sunken px-4 py-8 text-center text-base text-quiet">{children}</p>
);

/** A text with what differs from another one marked: by colour, by line and, for screen readers, by element. */

import type { Run } from "@/engine/text/difference";
import { classes } from "@/kit/classes";

interface DifferingProps {
  readonly runs: readonly Run[];
  /** One side shows only what is in its own text. */
  readonly side?: "before" | "after";
}

export function Differing({ runs, side }: DifferingProps) {
  const left = { before: "added", after: "removed", both: null }[side ?? "both"];
  return runs
    .filter(({ kind }) => kind !== left)
    .map(({ kind, text }, at) => {
      const key = `${at} ${kind}`;
      if (kind === "same") return <span key={key}>{text}</span>;
      const Mark = kind === "removed" ? "del" : "ins";
      return (
        <Mark
          key={key}
          className={classes(
            "rounded-sm",
            kind === "removed" ? "bg-bad-soft text-bad" : "bg-good-soft text-good",
            kind === "removed" && !side ? "line-through" : "no-underline",
          )}
        >
          {text}
        </Mark>
      );
    });
}

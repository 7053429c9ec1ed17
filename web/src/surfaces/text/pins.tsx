/** Pins of issues beside the lines they are about. */

import { type RefObject, useLayoutEffect, useState } from "react";
import { isRecord } from "@/engine/document/answer";
import type { MarkId } from "@/engine/document/values";
import type { Passage } from "@/engine/text/passage";
import { boxesIn } from "@/engine/text/placing";
import { spanOf } from "@/engine/text/spans";
import type { TextView } from "@/engine/text/view";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import type { Pin } from "@/surfaces/surface";

interface PinsProps {
  readonly pins: readonly Pin[];
  readonly passage: Passage;
  readonly view: TextView | null;
  readonly frame: RefObject<HTMLElement | null>;
}

export function Pins({ pins, passage, view, frame }: PinsProps) {
  const [tops, setTops] = useState<ReadonlyMap<string, number>>(new Map());
  useLayoutEffect(() => {
    const box = frame.current?.getBoundingClientRect();
    if (!view || !box) return;
    setTops(new Map(pins.flatMap((pin) => [[pin.id, topOf(pin, passage, view, box)] as const])));
  }, [pins, passage, view, frame]);
  return pins.map((pin) => (
    <span
      key={pin.id}
      role="img"
      aria-label={pin.title}
      title={pin.title}
      className={classes("absolute right-0.5", pin.open ? "text-warn" : "text-quiet")}
      style={{ top: tops.get(pin.id) ?? 0 }}
    >
      <Icon name="pin" />
    </span>
  ));
}

/** Pins without a place in the text stand at its start. */
function topOf(pin: Pin, passage: Passage, view: TextView, frame: DOMRect): number {
  const geometry = isRecord(pin.place) ? pin.place : {};
  const span = spanOf({ id: pin.id as MarkId, label: "", attributes: {}, geometry }, passage.offsets);
  return (span && boxesIn(view, frame, span.hull)[0]?.top) ?? 0;
}

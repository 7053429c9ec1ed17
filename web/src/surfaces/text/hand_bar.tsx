/** The bar above the text: what is in hand, what can be done with it, and how marking works. */

import type { ReactNode } from "react";
import { Hint, runCommand } from "@/app/commands";
import { t } from "@/app/words";
import type { Sign } from "@/engine/document/colours";
import { IconButton } from "@/kit/button";
import type { IconName } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import type { Editing } from "./hand";

interface HandBarProps {
  readonly editing: Editing;
  readonly signOf: (label: string) => Sign;
  /** Gives the text the focus again after a button was pressed. */
  readonly back: () => void;
}

export function HandBar({ editing, signOf, back }: HandBarProps) {
  const { hand, only, props } = editing;
  const command = (icon: IconName, label: string, id: string, pressed?: boolean) => (
    <IconButton
      icon={icon}
      label={label}
      size="sm"
      {...(pressed !== undefined && { pressed })}
      hint={<Hint command={id} />}
      onClick={() => {
        back();
        runCommand(id);
      }}
    />
  );
  const editable = only && !props.readOnly;
  return (
    <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line bg-raised px-3 text-sm">
      <p className="min-w-0 flex-1 truncate text-quiet">
        <Said editing={editing} signOf={signOf} />
      </p>
      {editable && (
        <>
          {command("pencil", t("Move its borders"), "text-borders", hand.border !== null)}
          {editing.pending && command("add", t("Add the selection as a part"), "text-part")}
          {editing.relationLabels.length > 0 &&
            command("relation", t("Relate it to another span"), "relation", hand.linking !== null)}
          {command("trash", t("Delete the span"), "delete")}
        </>
      )}
      {command("text", t("Snap to whole words"), "text-snapping", hand.cells === "word")}
    </div>
  );
}

function Said({ editing, signOf }: Pick<HandBarProps, "editing" | "signOf">): ReactNode {
  const { hand, only, passage, pending, spans } = editing;
  if (hand.linking)
    return hand.linking.target
      ? t("Enter makes the relation, R turns it around.")
      : t("Choose the other span: Tab or click, then Enter.");
  if (hand.border)
    return hand.border === "start"
      ? t("Arrows move the span's start. E for its end, Enter when done.")
      : t("Arrows move the span's end. E for its start, Enter when done.");
  if (only)
    return (
      <>
        <span
          className="mr-1.5 inline-block size-2.5 rounded-sm"
          style={{ background: signOf(only.mark.label).colour }}
        />
        <b className="font-medium text-ink">{only.mark.label}</b>{" "}
        <bdi>{only.parts.map((part) => passage.slice(part)).join(" … ")}</bdi>
      </>
    );
  if (pending)
    return t("Press a label's key to mark “{words}”.", { words: passage.slice(pending).slice(0, 80) });
  if (spans.length > 0) return t("{count, plural, one {# span} other {# spans}}", { count: spans.length });
  return (
    <>
      <span className="max-sm:hidden">
        {t("Select words with the pointer, or with")} <Kbd keys={["←", "→"]} /> {t("and")}{" "}
        <Kbd keys={["Shift"]} />
        {t(", then press a label's key.")}
      </span>
      <span className="sm:hidden">{t("Select words, then tap a label.")}</span>
    </>
  );
}

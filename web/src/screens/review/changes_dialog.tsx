/** What an amendment changes, told before it is sent. */

import { useMemo, useState } from "react";
import { useCommands } from "@/app/commands";
import { t } from "@/app/words";
import type { Document } from "@/engine/document/values";
import { difference } from "@/engine/text/difference";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, TextArea } from "@/kit/field";
import { Icon, type IconName } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { Notice } from "@/kit/shown";
import { Differing } from "@/surfaces/differing";
import { type Change, changesBetween } from "./changes";

export interface ChangesDialogProps {
  readonly close: () => void;
  readonly before: Document;
  readonly after: Document;
  readonly multiple: boolean;
  readonly comment: string;
  readonly send: (comment: string) => void;
}

export function ChangesDialog({ close, before, after, multiple, comment: begun, send }: ChangesDialogProps) {
  const changes = useMemo(() => changesBetween(before, after, multiple), [before, after, multiple]);
  const [comment, setComment] = useState(begun);
  const ready = changes.length > 0;
  useCommands([
    {
      id: "amendment-send",
      title: t("Send the amendment"),
      scope: "dialog",
      keys: ["ctrl+enter"],
      run: () => ready && send(comment),
    },
  ]);
  return (
    <Dialog
      open
      wide
      onOpenChange={(now) => !now && close()}
      title={t("What you change")}
      description={t("Your answer takes the place of the outcome, as its next version.")}
      actions={
        <>
          <Button onClick={close}>{t("Go on amending")}</Button>
          <Button look="primary" data-first disabled={!ready} onClick={() => send(comment)}>
            {t("Send the amendment")}
            <Kbd keys={["Ctrl", "↵"]} />
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {ready ? (
          <Changes changes={changes} />
        ) : (
          <Notice tone="warn">
            {t("Nothing is changed yet. If the outcome is right as it is, go back and accept it.")}
          </Notice>
        )}
        <Field label={t("Comment to the verdict")}>
          {(links) => (
            <TextArea {...links} value={comment} onChange={(event) => setComment(event.target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

const KINDS: Readonly<Record<Change["kind"], readonly [icon: IconName, tone: string, words: string]>> = {
  added: ["add", "bg-good-soft text-good", "added"],
  removed: ["minus", "bg-bad-soft text-bad", "removed"],
  changed: ["pencil", "bg-accent-soft text-accent-ink", "changed"],
};

const Changes = ({ changes }: { readonly changes: readonly Change[] }) => (
  <ul aria-label={t("Changes")} className="flex flex-col gap-1.5">
    {changes.map((change) => {
      const [icon, tone, words] = KINDS[change.kind];
      return (
        <li
          key={change.key}
          className="flex items-start gap-2.5 rounded-md border border-line px-2.5 py-2 text-base"
        >
          <span className={`inline-flex size-5 shrink-0 items-center justify-center rounded-sm ${tone}`}>
            <Icon name={icon} className="size-3.5" />
          </span>
          <span className="sr-only">{t(words)}</span>
          <span className="w-36 shrink-0 truncate text-quiet">{change.what}</span>
          <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">
            <Told change={change} />
          </span>
        </li>
      );
    })}
  </ul>
);

const SHORT_CHARACTERS = 60;

/** What is short is told before and after; of longer texts what differs within them. */
const isShort = (text: string) => text.length <= SHORT_CHARACTERS;

function Told({ change: { before, after, moved } }: { readonly change: Change }) {
  if (before !== null && after !== null && before === after) return `${before}, ${t("moved or reshaped")}`;
  return (
    <>
      {before !== null && after !== null && isShort(before) && isShort(after) ? (
        <>
          <del className="text-bad">{before}</del> → <ins className="text-good no-underline">{after}</ins>
        </>
      ) : (
        <Differing runs={difference(before ?? "", after ?? "")} />
      )}
      {moved && `, ${t("moved or reshaped")}`}
    </>
  );
}

/** How the outbox stands: a word in the bar, and behind it every answer that waits. */

import { useState, useSyncExternalStore } from "react";
import { moment, t } from "@/app/words";
import type { Outbox, Standing } from "@/engine/outbox/outbox";
import type { Entry } from "@/engine/outbox/values";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Dialog } from "@/kit/dialog";
import { Icon, type IconName } from "@/kit/icon";
import { Empty, Notice } from "@/kit/shown";
import { saveFile } from "./saving";

export interface OutboxIndicatorProps {
  readonly outbox: Outbox;
  /** Opens a refused answer's task again; absent where there is no place to. */
  readonly reopen?: (entry: Entry) => Promise<boolean>;
}

export function OutboxIndicator({ outbox, reopen }: OutboxIndicatorProps) {
  const standing = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  const [open, setOpen] = useState(false);
  const { icon, words, tone } = told(standing);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        data-waiting={standing.waiting.length}
        data-refused={standing.refused.length}
        aria-label={t("Outbox: {words}", { words })}
        className={classes(
          "inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-sm font-medium whitespace-nowrap hover:bg-hover",
          tone,
        )}
      >
        <Icon name={icon} />
        <span className="hidden sm:inline">{words}</span>
      </button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        wide
        title={t("Outbox")}
        description={t("Answers are kept in this browser until the server has them.")}
        actions={<Actions outbox={outbox} standing={standing} />}
      >
        <Entries
          outbox={outbox}
          standing={standing}
          reopen={reopen && ((entry) => reopen(entry).then(close))}
        />
      </Dialog>
    </>
  );

  function close(opened: boolean) {
    if (opened) setOpen(false);
  }
}

function told({ waiting, refused, signedOut, unanswered }: Standing): {
  icon: IconName;
  words: string;
  tone: string;
} {
  if (refused.length > 0) {
    const words = t("{count, plural, one {# needs attention} other {# need attention}}", {
      count: refused.length,
    });
    return { icon: "alert", words, tone: "text-bad" };
  }
  if (waiting.length === 0) return { icon: "check", words: t("All saved"), tone: "text-quiet" };
  const count = waiting.length;
  if (signedOut) return { icon: "lock", words: t("{count} kept: sign in", { count }), tone: "text-warn" };
  if (unanswered)
    return { icon: "alert", words: t("{count} kept: no connection", { count }), tone: "text-warn" };
  return { icon: "send", words: t("{count} being sent", { count }), tone: "text-quiet" };
}

interface EntriesProps {
  readonly outbox: Outbox;
  readonly standing: Standing;
  readonly reopen?: ((entry: Entry) => Promise<void>) | undefined;
}

function Entries({ outbox, standing, reopen }: EntriesProps) {
  const { waiting, refused, signedOut } = standing;
  if (waiting.length + refused.length === 0) {
    return (
      <Empty icon="check" title={t("Nothing waits")}>
        {t("Everything you answered has reached the server.")}
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {signedOut && (
        <Notice tone="warn">{t("Sign in again: what waits is sent then, and only as you.")}</Notice>
      )}
      <ul className="flex flex-col gap-2">
        {refused.map((entry) => (
          <Refused key={entry.key} outbox={outbox} entry={entry} reopen={reopen} />
        ))}
        {waiting.map((entry) => (
          <li
            key={entry.key}
            className="flex items-center gap-2 rounded-md border border-line px-2.5 py-2 text-sm"
          >
            <Icon name="send" className="text-quiet" />
            <span className="min-w-0 flex-1 truncate">{entry.uniqueId}</span>
            <span className="text-quiet">{moment(new Date(entry.queuedAt))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Refused({ outbox, entry, reopen }: Omit<EntriesProps, "standing"> & { readonly entry: Entry }) {
  return (
    <li className="flex flex-wrap items-center gap-2 rounded-md border border-line px-2.5 py-2 text-sm">
      <Icon name="alert" className="text-bad" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{entry.uniqueId}</span>
        <span className="block text-quiet">{entry.refusal?.detail || entry.refusal?.code}</span>
      </span>
      {reopen && entry.kind === "submission" && (
        <Button size="sm" icon="pencil" onClick={() => void reopen(entry)}>
          {t("Open again")}
        </Button>
      )}
      <Button size="sm" onClick={() => void outbox.retry(entry.key)}>
        {t("Send again")}
      </Button>
      <Button size="sm" look="ghost" onClick={() => void outbox.discard(entry.key)}>
        {t("Discard")}
      </Button>
    </li>
  );
}

function Actions({ outbox, standing }: { readonly outbox: Outbox; readonly standing: Standing }) {
  const all = [...standing.refused, ...standing.waiting];
  const save = () => saveFile("annotary-outbox.json", JSON.stringify(all.map(readable), null, 1));
  return (
    <>
      <Button icon="download" disabled={all.length === 0} onClick={save}>
        {t("Save to a file")}
      </Button>
      <Button look="primary" disabled={standing.waiting.length === 0} onClick={() => outbox.resume()}>
        {t("Send now")}
      </Button>
    </>
  );
}

/** Return an entry as a file shows it: the body as what it says. */
const readable = (entry: Entry) => ({ ...entry, body: JSON.parse(entry.body) as unknown });

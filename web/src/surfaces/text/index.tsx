/** Draws text items: a text that is marked, or whatever else a text item holds, to be read. */

import { useEffect, useState } from "react";
import { t } from "@/app/words";
import type { FreshAddress, SurfaceProps, SurfaceTask } from "@/surfaces/surface";
import { ItemReading, Prompt } from "./item_reading";
import { MarkedText } from "./marked_text";

export default function TextSurface(props: SurfaceProps) {
  const { task } = props;
  const { text, failed } = useItemText(task, props.freshAddress);
  if (failed)
    return <p className="p-6 text-bad">{t("The text could not be loaded. Reload the page to try again.")}</p>;
  if (text === undefined) return null;
  if (text === null) return <ItemReading item={task.item} painted={props.painted} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {task.item.prompt !== undefined && <Prompt prompt={task.item.prompt} narrow />}
      <div className="min-h-0 flex-1">
        <MarkedText key={task.id} {...props} text={text} />
      </div>
    </div>
  );
}

/** A text whose address is not good any more is asked for at a fresh one. */
async function reached(address: string, freshAddress: FreshAddress, signal: AbortSignal): Promise<Response> {
  const reply = await fetch(address, { signal });
  const again = reply.status === 403 || reply.status === 410 ? await freshAddress() : undefined;
  return again ? fetch(again, { signal }) : reply;
}

interface Loaded {
  /** Null where the item is no single text; undefined while it is on its way. */
  readonly text: string | null | undefined;
  readonly failed: boolean;
}

/** Texts over 64 KiB come as an asset. */
function useItemText({ item, assetUrl }: SurfaceTask, freshAddress: FreshAddress): Loaded {
  const inline =
    typeof item.text === "string" ? item.text : typeof item.asset === "string" ? undefined : null;
  const [loaded, setLoaded] = useState<{ url: string; text?: string } | null>(null);
  useEffect(() => {
    if (inline !== undefined || !assetUrl) return;
    const gone = new AbortController();
    reached(assetUrl, freshAddress, gone.signal)
      .then(async (reply) => {
        if (!reply.ok) throw new Error(`the asset answered ${reply.status}`);
        // A byte order mark is a character of the text: answers count it.
        const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await reply.arrayBuffer());
        setLoaded({ url: assetUrl, text });
      })
      .catch(() => gone.signal.aborted || setLoaded({ url: assetUrl }));
    return () => gone.abort();
  }, [inline, assetUrl, freshAddress]);
  const known = loaded?.url === assetUrl ? loaded : null;
  return {
    text: inline ?? known?.text ?? inline,
    failed: inline === undefined && known !== null && known?.text === undefined,
  };
}

/** The item under review with the answers on it: all over one another, or side by side. Nothing can be changed here. */

import { memo, useEffect, useMemo } from "react";
import { Form, SurfaceHost } from "@/annotate/surface_host";
import { t } from "@/app/words";
import type { Document, MarkId } from "@/engine/document/values";
import type { Pin, SurfaceProps, ToolEditor } from "@/surfaces/surface";
import { Chip } from "./chip";
import type { Reviewed } from "./preparing";
import type { Looking } from "./use_looking";
import { overlaid, type Voice } from "./voices";

export interface ItemViewProps {
  readonly reviewed: Reviewed;
  readonly looking: Looking;
  readonly selection: ReadonlySet<MarkId>;
  readonly select: (ids: Iterable<MarkId>) => void;
  readonly pins: readonly Pin[];
  readonly pinAt: SurfaceProps["pinAt"];
  readonly announce: (words: string) => void;
  readonly painted: () => void;
}

const nobody = async (): Promise<undefined> => undefined;
const nothing = () => undefined;
/** A clip costs a decoder, so that few are shown side by side. */
const CLIPS_BESIDE = 2;

export function ItemView(props: ItemViewProps) {
  const { reviewed, looking } = props;
  const shown = useMemo(
    () => reviewed.voices.filter(({ number }) => looking.shown.has(number)),
    [reviewed, looking.shown],
  );
  if (looking.arrangement === "beside" && shown.length > 1) return <Beside {...props} shown={shown} />;
  const main = reviewed.work.editors.find(({ place }) => place === "main");
  if (main) {
    const [voice = reviewed.voices[0]] = shown;
    return voice ? <MainForm {...props} editor={main} voice={voice} /> : null;
  }
  return <Over {...props} shown={shown} />;
}

type Shown = ItemViewProps & { readonly shown: readonly Voice[] };

function Over({ shown, ...props }: Shown) {
  const { reviewed, looking } = props;
  const document = useMemo(() => overlaid(shown, looking.disputed), [shown, looking.disputed]);
  return <Surface {...props} document={document} definition={reviewed.overlay} />;
}

type SurfaceOf = ItemViewProps & Pick<SurfaceProps, "document" | "definition">;

const Surface = ({ reviewed, document, definition, selection, select, pins, ...props }: SurfaceOf) => (
  <SurfaceHost
    task={reviewed.work.task}
    {...{ document, definition, selection, select, pins }}
    perform={nothing}
    tool={null}
    setTool={nothing}
    label={null}
    readOnly
    pinAt={props.pinAt}
    announce={props.announce}
    freshAddress={nobody}
    painted={props.painted}
  />
);

type FormOf = ItemViewProps & { readonly editor: ToolEditor; readonly voice: Voice };

/** A form says nothing of being painted: it is by the frame after it was drawn. */
function MainForm({ reviewed, editor, voice, announce, painted }: FormOf) {
  useEffect(() => {
    const frame = requestAnimationFrame(painted);
    return () => cancelAnimationFrame(frame);
  }, [painted]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ReadForm reviewed={reviewed} editor={editor} document={voice.document} announce={announce} />
    </div>
  );
}

type ReadFormOf = Pick<ItemViewProps, "reviewed" | "announce"> & {
  readonly editor: ToolEditor;
  readonly document: Document;
};

const ReadForm = ({ reviewed, editor, document, announce }: ReadFormOf) => (
  <Form
    editor={editor}
    tool={editor.tool}
    task={reviewed.work.task}
    definition={reviewed.work.definition}
    document={document}
    perform={nothing}
    readOnly
    announce={announce}
  />
);

/** One answer in each cell, in its own colour, with what it says in the forms below. */
function Beside({ shown, ...props }: Shown) {
  const { reviewed } = props;
  const { editors, task } = reviewed.work;
  const limit = task.modality === "video" ? CLIPS_BESIDE : shown.length;
  const isDrawn = editors.some(({ place }) => place === "surface");
  const cells = shown.slice(0, limit);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {!isDrawn && !editors.some(({ place }) => place === "main") && (
        <div className="min-h-24 flex-1 border-b border-line">
          <Surface {...props} document={reviewed.work.document} definition={reviewed.overlay} />
        </div>
      )}
      <div className="grid min-h-0 flex-1 auto-rows-[minmax(16rem,1fr)] grid-cols-[repeat(auto-fit,minmax(19rem,1fr))] gap-px overflow-y-auto bg-line">
        {cells.map((voice) => (
          <Cell key={voice.number} {...props} voice={voice} />
        ))}
      </div>
      {cells.length < shown.length && (
        <p className="bg-raised px-3 py-1 text-sm text-quiet">
          {t("{count} at once are shown side by side: hide one to see another.", { count: limit })}
        </p>
      )}
    </div>
  );
}

const Cell = memo(({ voice, ...props }: ItemViewProps & { readonly voice: Voice }) => {
  const { reviewed, looking } = props;
  const document = useMemo(() => overlaid([voice], looking.disputed), [voice, looking.disputed]);
  const { editors } = reviewed.work;
  const forms = editors.filter(({ place }) => place !== "surface");
  return (
    <section aria-label={voice.name} className="flex min-h-0 min-w-0 flex-col bg-surface">
      <h3 className="flex h-8 shrink-0 items-center gap-2 border-b border-line bg-raised px-2.5 text-sm font-medium">
        <Chip voice={voice} />
        <span className="truncate">{voice.name}</span>
      </h3>
      {editors.some(({ place }) => place === "surface") && (
        <div className="flex min-h-48 flex-1 flex-col">
          <Surface {...props} document={document} definition={reviewed.overlay} />
        </div>
      )}
      {forms.length > 0 && (
        <div className="flex max-h-full min-h-0 flex-col gap-3 overflow-y-auto p-2.5">
          {forms.map((editor) => (
            <ReadForm key={editor.tool} {...props} editor={editor} document={voice.document} />
          ))}
        </div>
      )}
    </section>
  );
});

/** What labellers will have in hand: the palette, the surface and the questions of labelling, on a small sample. */

import { useCallback, useMemo, useRef, useState } from "react";
import { AttributesPanel } from "@/annotate/attributes_panel";
import { LabelPalette } from "@/annotate/label_palette";
import { drawnTools, labelsOf } from "@/annotate/labels";
import { Form, SurfaceHost } from "@/annotate/surface_host";
import { CommandsWhile } from "@/app/commands";
import { t } from "@/app/words";
import { allMarks } from "@/engine/document/answer";
import { emptyDocument } from "@/engine/document/apply";
import { beginning, type History, perform as performed } from "@/engine/document/history";
import type { Action, Definition, MarkId, ToolName } from "@/engine/document/values";
import { withRelations } from "@/engine/text/relations";
import { Button } from "@/kit/button";
import { editorsFor } from "@/surfaces/registry";
import type { SurfaceTask } from "@/surfaces/surface";
import type { Project } from "./queries";
import { useSample } from "./sample";

export interface PreviewProps {
  readonly project: Project;
  readonly definition: Definition;
}

const NOBODY: ReadonlySet<MarkId> = new Set();

export function Preview({ project, definition }: PreviewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [round, setRound] = useState(0);
  const tools = Object.keys(definition.tools);
  const sample = useSample(project.modality, tools);
  const inside = useCallback(() => box.current?.contains(document.activeElement) ?? false, []);
  return (
    <section
      ref={box}
      aria-label={t("Preview")}
      className="overflow-hidden rounded-lg border border-line bg-raised shadow-card"
    >
      <header className="flex h-11 items-center gap-2 border-b border-line px-3">
        <h3 className="font-semibold">{t("Preview")}</h3>
        <p className="min-w-0 flex-1 truncate text-sm text-quiet">{t("As it is labelled with: try it.")}</p>
        <Button size="sm" look="ghost" onClick={() => setRound(round + 1)}>
          {t("Start again")}
        </Button>
      </header>
      <CommandsWhile holds={inside}>
        <Trial key={`${round} ${tools.join(" ")}`} {...{ project, definition, sample }} />
      </CommandsWhile>
    </section>
  );
}

interface TrialProps extends PreviewProps {
  readonly sample: SurfaceTask | null;
}

function Trial({ project, definition, sample }: TrialProps) {
  const editors = editorsFor(definition, project.modality);
  const tools = drawnTools(editors);
  const [tool, setTool] = useState<ToolName | null>(tools[0] ?? null);
  const [label, pick] = useState<string | null>(null);
  const [history, setHistory] = useState<History>(() => beginning(emptyDocument));
  const [selection, setSelection] = useState<ReadonlySet<MarkId>>(NOBODY);
  const labels = labelsOf(definition, tool ? [tool] : tools);
  const inHand = labels.some(({ name }) => name === label) ? label : (labels[0]?.name ?? null);
  const perform = (action: Action, together?: string) =>
    setHistory((now) => performed(now, withRelations(now.present, action), together));
  const form = {
    task: sample ?? { id: "sample", modality: project.modality, item: {} },
    definition,
    document: useKnown(history.present, definition),
    perform,
    readOnly: false,
    announce: nothing,
  };
  const main = editors.find(({ place }) => place === "main");
  const [only] = allMarks(form.document).filter(({ mark }) => selection.size === 1 && selection.has(mark.id));
  return (
    <div className="flex flex-col">
      <div className="flex min-h-0 sm:h-72">
        {tools.length > 0 && (
          <div className="w-40 shrink-0 overflow-y-auto border-r border-line">
            <LabelPalette {...{ definition, tools, tool, setTool, labels, label: inHand, pick }} />
          </div>
        )}
        <div className="relative flex min-h-48 min-w-0 flex-1 flex-col overflow-y-auto">
          {main ? (
            <Form editor={main} tool={main.tool} {...form} />
          ) : sample ? (
            <SurfaceHost
              {...form}
              {...{
                tool,
                setTool,
                label: inHand,
                selection,
                painted: nothing,
                pins: NO_PINS,
                pinAt: nothing,
              }}
              select={(ids) => setSelection(new Set(ids))}
              freshAddress={none}
            />
          ) : (
            <p className="p-4 text-sm text-quiet">
              {t("The tools and labels are as they will be; there is no sample to draw on.")}
            </p>
          )}
        </div>
      </div>
      {editors
        .filter(({ place }) => place === "panel")
        .map((editor) => (
          <div key={editor.tool} className="border-t border-line px-3 py-3">
            <Form editor={editor} tool={editor.tool} {...form} />
          </div>
        ))}
      {only && (
        <div className="border-t border-line">
          <AttributesPanel {...only} document={form.document} definition={definition} perform={perform} />
        </div>
      )}
    </div>
  );
}

const nothing = () => undefined;
const none = () => Promise.resolve(undefined);
const NO_PINS = [] as const;

/** What was marked with a label that is gone meanwhile is gone as well. */
function useKnown(document: History["present"], definition: Definition): History["present"] {
  return useMemo(() => {
    const names = new Set(definition.labels?.map(({ name }) => name));
    const marks = Object.entries(document.marks).map(
      ([tool, found]) => [tool, found.filter(({ label }) => names.has(label))] as const,
    );
    return { ...document, marks: Object.fromEntries(marks) };
  }, [document, definition]);
}

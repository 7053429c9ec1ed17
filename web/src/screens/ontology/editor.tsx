/** The editor: labels and tools at the left, what is chosen in the middle, what comes of it at the right. */

import { useState } from "react";
import { Hint, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { keysFor } from "@/engine/hotkeys/catalogue";
import { Button, IconButton } from "@/kit/button";
import { Empty } from "@/kit/shown";
import type { Chosen } from "./chosen";
import { LabelForm } from "./label_form";
import { LabelList } from "./label_list";
import { Preview } from "./preview";
import type { Project } from "./queries";
import { StepList } from "./step_list";
import { ToolForm } from "./tool_form";
import type { Editor } from "./use_editing";

export interface EditorPageProps {
  readonly project: Project;
  readonly editor: Editor;
  readonly review: () => void;
}

export function EditorPage({ project, editor, review }: EditorPageProps) {
  const { definition, editing } = editor;
  const [wanted, choose] = useState<Chosen>({});
  const chosen = standing(wanted, editor);
  useEditorCommands(editor);
  const label = definition.labels?.find(({ name }) => name === chosen.label);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 text-quiet">
          {t("Edits are steps: stored answers follow them. Nothing counts before it is published.")}
        </p>
        <IconButton
          icon="undo"
          look="plain"
          label={t("Undo")}
          hint={<Hint command="undo" />}
          disabled={editing.past.length === 0}
          onClick={editor.undo}
        />
        <IconButton
          icon="redo"
          look="plain"
          label={t("Redo")}
          hint={<Hint command="redo" />}
          disabled={editing.future.length === 0}
          onClick={editor.redo}
        />
        <Button look="primary" disabled={editing.steps.length === 0} onClick={review}>
          {t("Check and publish")}
          {editing.steps.length > 0 && <span className="tabular-nums">({editing.steps.length})</span>}
        </Button>
      </div>
      <div className="grid items-start gap-4 md:grid-cols-[14rem_minmax(0,1fr)] xl:grid-cols-[14rem_minmax(0,1fr)_25rem]">
        <LabelList project={project} editor={editor} chosen={chosen} choose={choose} />
        <div className="min-w-0 rounded-lg border border-line bg-raised shadow-card">
          {label && <LabelForm key={label.name} editor={editor} label={label} choose={choose} />}
          {chosen.tool && <ToolForm key={chosen.tool} editor={editor} tool={chosen.tool} choose={choose} />}
          {!label && !chosen.tool && (
            <Empty icon="pencil" title={t("No label yet")}>
              {t("Labels are what people choose from. Write the name of the first one at the left.")}
            </Empty>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4 md:col-span-2 xl:col-span-1">
          <Preview project={project} definition={definition} />
          <StepList editor={editor} />
        </div>
      </div>
    </div>
  );
}

/** What was chosen may be gone, or be called otherwise, after a step or an undo. */
function standing(chosen: Chosen, { definition }: Editor): Chosen {
  if (chosen.tool && chosen.tool in definition.tools) return chosen;
  const [first] = definition.labels ?? [];
  const found = definition.labels?.some(({ name }) => name === chosen.label);
  return found ? chosen : first ? { label: first.name } : {};
}

function useEditorCommands({ undo, redo, editing }: Editor): void {
  useCommands([
    {
      id: "undo",
      title: t("Undo"),
      scope: "page",
      keys: keysFor("undo"),
      run: undo,
      enabled: () => editing.past.length > 0,
    },
    {
      id: "redo",
      title: t("Redo"),
      scope: "page",
      keys: keysFor("redo"),
      run: redo,
      enabled: () => editing.future.length > 0,
    },
    {
      id: "ontology-add-label",
      title: t("Add a label"),
      scope: "page",
      keys: ["n"],
      run: () => document.querySelector<HTMLElement>("[data-new-label] input")?.focus(),
    },
  ]);
}

/** Beside the work: the forms, the marks and their attributes, remarks, and the instructions. */

import { useMemo } from "react";
import { t } from "@/app/words";
import { allMarks } from "@/engine/document/answer";
import type { Document } from "@/engine/document/values";
import { Tabs } from "@/kit/choices";
import type { FormProps } from "@/surfaces/surface";
import { AttributesPanel } from "./attributes_panel";
import type { Issue } from "./calls";
import type { Editing } from "./editing";
import { InstructionsPanel } from "./instructions_panel";
import { IssuesPanel } from "./issues_panel";
import { ObjectList } from "./object_list";
import type { Prepared } from "./preparing";
import { Form } from "./surface_host";
import { useSelection } from "./use_selection";

export interface SidePanelProps {
  readonly session: Editing;
  readonly work: Prepared;
  readonly document: Document;
  readonly form: Omit<FormProps, "tool">;
  readonly issues: readonly Issue[];
  readonly raise: () => void;
  readonly tab: string | undefined;
  readonly setTab: (tab: string) => void;
  readonly newInstructions: boolean;
}

export function SidePanel(props: SidePanelProps) {
  const { work, issues, tab, setTab, newInstructions, raise } = props;
  const { id, project, instructions_version: version } = work.desk.given.task;
  const drawn = work.editors.some(({ place }) => place === "surface");
  const open = issues.filter(({ state }) => state === "open").length;
  const tabs = [
    ...(drawn ? [{ value: "marks", label: t("Marks"), content: <Marks {...props} /> }] : []),
    {
      value: "instructions",
      label: newInstructions ? t("Instructions (new)") : t("Instructions"),
      content: <InstructionsPanel project={project} version={version} />,
    },
    {
      value: "issues",
      label: open > 0 ? t("Remarks ({count})", { count: open }) : t("Remarks"),
      content: <IssuesPanel modality={work.desk.modality} task={id} issues={issues} raise={raise} />,
    },
  ];
  const chosen = tabs.some(({ value }) => value === tab) ? tab : tabs[0]?.value;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Forms {...props} />
      <div className="flex min-h-0 flex-1 flex-col px-1 *:flex-1">
        <Tabs label={t("Beside the work")} tabs={tabs} value={chosen ?? "instructions"} onChange={setTab} />
      </div>
    </div>
  );
}

function Forms({ work, form }: SidePanelProps) {
  const editors = work.editors.filter(({ place }) => place === "panel");
  if (editors.length === 0) return null;
  return (
    <div className="flex max-h-[60vh] shrink-0 flex-col gap-4 overflow-y-auto border-b border-line px-3 py-3">
      {editors.map((editor) => (
        <Form key={editor.tool} editor={editor} tool={editor.tool} {...form} />
      ))}
    </div>
  );
}

function Marks({ session, work, document }: SidePanelProps) {
  const tools = useMemo(
    () => new Set(work.editors.filter(({ place }) => place === "surface").map(({ tool }) => tool)),
    [work.editors],
  );
  const { definition } = work;
  const lines = useMemo(() => allMarks(document), [document]);
  const selection = useSelection(session);
  const [only] = selection.size === 1 ? lines.filter(({ mark }) => selection.has(mark.id)) : [];
  const { perform, select, accept } = session;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {only && <AttributesPanel {...only} document={document} definition={definition} perform={perform} />}
      <ObjectList {...{ document, definition, tools, selection, select, perform, accept }} />
    </div>
  );
}

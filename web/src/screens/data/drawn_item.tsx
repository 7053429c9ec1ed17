/** The item with one answer on it, as its annotator saw it; nothing can be changed here. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Form, SurfaceHost } from "@/annotate/surface_host";
import { t } from "@/app/words";
import { type Answer, decode } from "@/engine/document/answer";
import { emptyDocument } from "@/engine/document/apply";
import type { Definition, Json, MarkId } from "@/engine/document/values";
import { Skeleton } from "@/kit/shown";
import { versionQuery } from "@/screens/ontology/queries";
import { editorsFor, labelledTools } from "@/surfaces/registry";
import type { SurfaceTask } from "@/surfaces/surface";
import type { Item, Said } from "./item_page";
import type { Project } from "./looking";

const nothing = () => undefined;
const nobody = async (): Promise<undefined> => undefined;

export interface DrawnItemProps {
  readonly project: Project;
  readonly item: Item;
  readonly said: Said | undefined;
}

export function DrawnItem({ project, item, said }: DrawnItemProps) {
  const version = said?.version ?? project.ontology_version;
  const { data } = useQuery(versionQuery(project.ontology, version));
  const [selection, setSelection] = useState<ReadonlySet<MarkId>>(new Set());
  const payload = item.payload as SurfaceTask["item"];
  const task = useMemo((): SurfaceTask => {
    const { url } = payload as { url?: Json };
    const address = typeof url === "string" ? { assetUrl: url } : {};
    return { id: item.found.task, modality: project.modality, item: payload, ...address };
  }, [item.found.task, project.modality, payload]);
  const drawn = useMemo(() => {
    if (!data) return undefined;
    const definition = data.definition as Definition;
    const editors = editorsFor(definition, project.modality);
    const document = said ? decode(said.answer as Answer, labelledTools(editors)) : emptyDocument;
    return { definition, editors, document };
  }, [data, said, project.modality]);
  if (payload === null) return <p className="text-quiet">{t("The item was erased.")}</p>;
  if (!drawn) return <Skeleton className="h-96" />;
  const { definition, editors, document } = drawn;
  const shared = { task, definition, document, perform: nothing, readOnly: true as const, announce: nothing };
  const main = editors.find(({ place }) => place === "main");
  const beside = editors.filter(({ place, form }) => place === "panel" && form);
  return (
    <section aria-label={t("Item")} className="overflow-hidden rounded-lg border border-line bg-raised">
      <div className="flex h-[clamp(18rem,56vh,40rem)] flex-col overflow-hidden">
        {main ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what is too long is scrolled by keys
          <section tabIndex={0} aria-label={t("Answer")} className="min-h-0 flex-1 overflow-y-auto">
            <Form editor={main} tool={main.tool} {...shared} />
          </section>
        ) : (
          <SurfaceHost
            key={said?.id}
            {...shared}
            selection={selection}
            select={(ids) => setSelection(new Set(ids))}
            tool={null}
            setTool={nothing}
            label={null}
            pins={[]}
            pinAt={nothing}
            freshAddress={nobody}
            painted={nothing}
          />
        )}
      </div>
      {said && beside.length > 0 && (
        <div className="border-t border-line p-4">
          {beside.map((editor) => (
            <Form key={editor.tool} editor={editor} tool={editor.tool} {...shared} />
          ))}
        </div>
      )}
    </section>
  );
}

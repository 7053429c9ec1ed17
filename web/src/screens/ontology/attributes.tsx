/** What is asked about the marks of a label: its attributes, one below the other, and where a further one is made. */

import { useState } from "react";
import { t } from "@/app/words";
import type { Attribute, Label } from "@/engine/document/values";
import { Button, IconButton } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { Badge } from "@/kit/shown";
import { AttributeForm } from "./attribute_form";
import { NewAttribute } from "./new_attribute";
import { kindWords } from "./said";
import type { Editor } from "./use_editing";

export interface AttributesProps {
  readonly editor: Editor;
  readonly label: Label;
}

export function Attributes({ editor, label }: AttributesProps) {
  const [open, setOpen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const attributes = label.attributes ?? [];
  return (
    <section aria-label={t("Attributes")} className="flex flex-col gap-2 border-t border-line pt-4">
      <div className="flex items-center gap-2">
        <h4 className="flex-1 font-semibold">{t("Attributes")}</h4>
        <Button size="sm" icon="add" onClick={() => setAdding(true)}>
          {t("Add an attribute")}
        </Button>
      </div>
      {attributes.length === 0 && (
        <p className="text-sm text-quiet">
          {t("Questions about each mark, such as its make or whether it is hidden.")}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {attributes.map((attribute, place) => (
          <li key={attribute.name} className="rounded-md border border-line">
            <Line
              {...{ editor, label, attribute, place }}
              isOpen={open === attribute.name}
              toggle={() => setOpen(open === attribute.name ? null : attribute.name)}
            />
            {open === attribute.name && <AttributeForm {...{ editor, label, attribute, setOpen }} />}
          </li>
        ))}
      </ul>
      {adding && <NewAttribute {...{ editor, label }} made={setOpen} close={() => setAdding(false)} />}
    </section>
  );
}

interface LineProps extends AttributesProps {
  readonly attribute: Attribute;
  readonly place: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

function Line({ editor, label, attribute, place, isOpen, toggle }: LineProps) {
  const { name } = attribute;
  const count = label.attributes?.length ?? 0;
  const move = (at: number) =>
    editor.edit([{ step: "move_attribute", label: label.name, attribute: name, at }]);
  return (
    <div className="flex items-center gap-1 p-1">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={toggle}
        className="flex min-w-0 flex-1 items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-hover"
      >
        <Icon name={isOpen ? "chevronDown" : "chevronRight"} className="text-quiet" />
        <span className="shrink-0 font-medium">{name}</span>
        <span className="min-w-0 flex-1 truncate text-sm text-quiet">{kindWords(attribute)}</span>
        {attribute.per === "frame" && <Badge>{t("per frame")}</Badge>}
        {attribute.required && <Badge tone="accent">{t("required")}</Badge>}
      </button>
      <IconButton
        icon="chevronUp"
        size="sm"
        label={t("Move {name} up", { name })}
        disabled={place === 0}
        onClick={() => move(place - 1)}
      />
      <IconButton
        icon="chevronDown"
        size="sm"
        label={t("Move {name} down", { name })}
        disabled={place === count - 1}
        onClick={() => move(place + 1)}
      />
      <IconButton
        icon="trash"
        size="sm"
        label={t("Remove {name}, with its values", { name })}
        onClick={() => editor.edit([{ step: "remove_attribute", label: label.name, attribute: name }])}
      />
    </div>
  );
}

/** The questions about the selected marks: their label, and what the ontology asks about it. */

import { t } from "@/app/words";
import { attributesOf } from "@/engine/document/gaps";
import type {
  Action,
  AttributeValue,
  Definition,
  Document,
  Mark,
  MarkId,
  ToolName,
} from "@/engine/document/values";
import { IconButton } from "@/kit/button";
import { Field, Select } from "@/kit/field";
import { Question } from "@/surfaces/question";
import { labelsOf } from "./labels";

export interface AttributesPanelProps {
  readonly tool: ToolName;
  readonly mark: Mark;
  readonly document: Document;
  readonly definition: Definition;
  readonly perform: (action: Action, together?: string) => void;
}

export function AttributesPanel({ tool, mark, document, definition, perform }: AttributesPanelProps) {
  const change = (changes: Partial<Mark>, together?: string) =>
    perform({ kind: "change", tool, id: mark.id, change: changes }, together);
  const set = (name: string, value: AttributeValue | undefined) => {
    const { [name]: _, ...others } = mark.attributes;
    const attributes = value === undefined ? others : { ...others, [name]: value };
    change({ attributes }, `attribute ${mark.id} ${name}`);
  };
  return (
    <section aria-label={t("Selected mark")} className="flex flex-col gap-3 border-b border-line px-3 py-3">
      <div className="flex items-end gap-1">
        <div className="flex-1">
          <Field label={t("Label")}>
            {(links) => (
              <Select
                {...links}
                className="w-full"
                value={mark.label}
                onChange={(event) => change({ label: event.target.value, attributes: {} })}
              >
                {choices(definition, tool, mark.label).map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Depth tool={tool} id={mark.id} document={document} perform={perform} />
      </div>
      {attributesOf(definition, mark.label).map((attribute) => (
        <Question
          key={attribute.name}
          attribute={attribute}
          value={mark.attributes[attribute.name]}
          set={set}
        />
      ))}
    </section>
  );
}

/** A retired label stays with its mark until it is changed. */
function choices(definition: Definition, tool: ToolName, now: string): readonly string[] {
  const offered = labelsOf(definition, [tool]).map(({ name }) => name);
  return offered.includes(now) ? offered : [now, ...offered];
}

interface DepthProps {
  readonly tool: ToolName;
  readonly id: MarkId;
  readonly document: Document;
  readonly perform: (action: Action) => void;
}

function Depth({ tool, id, document, perform }: DepthProps) {
  const ids = (document.marks[tool] ?? []).map((mark) => mark.id);
  const place = ids.indexOf(id);
  const swap = (other: number) => {
    const neighbour = ids[other];
    // Named in the order that they are to have: the lower place goes to the first named.
    if (neighbour) perform({ kind: "order", tool, ids: other > place ? [neighbour, id] : [id, neighbour] });
  };
  return (
    <>
      <IconButton
        icon="chevronUp"
        label={t("Bring forward")}
        disabled={place < 0 || place === ids.length - 1}
        onClick={() => swap(place + 1)}
      />
      <IconButton
        icon="chevronDown"
        label={t("Send backward")}
        disabled={place <= 0}
        onClick={() => swap(place - 1)}
      />
    </>
  );
}

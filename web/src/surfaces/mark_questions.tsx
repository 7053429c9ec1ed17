/** What the ontology asks about one mark of a form. */

import { attributesOf } from "@/engine/document/gaps";
import type { AttributeValue, Mark } from "@/engine/document/values";
import { Question } from "@/surfaces/question";
import type { FormProps } from "./surface";

export function MarkQuestions({ tool, definition, perform, mark }: FormProps & { readonly mark: Mark }) {
  const questions = attributesOf(definition, mark.label);
  if (questions.length === 0) return null;
  const set = (name: string, value: AttributeValue | undefined) => {
    const { [name]: _, ...others } = mark.attributes;
    const attributes = value === undefined ? others : { ...others, [name]: value };
    perform({ kind: "change", tool, id: mark.id, change: { attributes } }, `attribute ${mark.id} ${name}`);
  };
  return (
    <div className="flex flex-col gap-2 border-accent border-l-2 py-1 pl-3">
      {questions.map((attribute) => (
        <Question
          key={attribute.name}
          attribute={attribute}
          value={mark.attributes[attribute.name]}
          set={set}
        />
      ))}
    </div>
  );
}

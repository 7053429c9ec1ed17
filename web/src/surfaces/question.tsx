/** One question that the ontology asks about a mark: a choice, several, a number, a text, or yes and no. */

import { t } from "@/app/words";
import type { Attribute, AttributeValue } from "@/engine/document/values";
import { Switch } from "@/kit/choices";
import { Field, Input, Select } from "@/kit/field";

export interface QuestionProps {
  readonly attribute: Attribute;
  readonly value: AttributeValue | undefined;
  readonly set: (name: string, value: AttributeValue | undefined) => void;
}

export function Question(props: QuestionProps) {
  const { attribute, value, set } = props;
  if (attribute.kind === "boolean") {
    return (
      <div className="flex items-center justify-between gap-2 text-sm font-medium">
        {attribute.name}
        <Switch
          label={attribute.name}
          checked={(value ?? attribute.default) === true}
          onChange={(on) => set(attribute.name, on)}
        />
      </div>
    );
  }
  if (attribute.kind === "choice" && attribute.multiple) return <Several {...props} />;
  const label = attribute.required ? t("{name} (required)", { name: attribute.name }) : attribute.name;
  return (
    <Field label={attribute.unit ? `${label}, ${attribute.unit}` : label}>
      {(links) =>
        attribute.kind === "choice" ? (
          <Choice {...props} links={links} />
        ) : (
          <Written {...props} links={links} />
        )
      }
    </Field>
  );
}

type Linked = QuestionProps & { readonly links: { readonly id: string } };

function Choice({ attribute, value, set, links }: Linked) {
  const shown =
    typeof value === "string" ? value : typeof attribute.default === "string" ? attribute.default : "";
  return (
    <Select
      {...links}
      value={shown}
      onChange={(event) => set(attribute.name, event.target.value || undefined)}
    >
      <option value="">{t("not said")}</option>
      {attribute.choices?.map((choice) => (
        <option key={choice}>{choice}</option>
      ))}
    </Select>
  );
}

function Written({ attribute, value, set, links }: Linked) {
  const isNumber = attribute.kind === "number";
  const shown = value ?? attribute.default;
  const given = (written: string) => {
    if (written === "") return set(attribute.name, undefined);
    return set(attribute.name, isNumber ? Number(written) : written);
  };
  return (
    <Input
      {...links}
      type={isNumber ? "number" : "text"}
      {...(isNumber ? { min: attribute.minimum, max: attribute.maximum, step: "any" } : {})}
      value={typeof shown === "number" || typeof shown === "string" ? shown : ""}
      onChange={(event) => given(event.target.value)}
    />
  );
}

function Several({ attribute, value, set }: QuestionProps) {
  const chosen = new Set(
    Array.isArray(value) ? value : Array.isArray(attribute.default) ? attribute.default : [],
  );
  const toggle = (choice: string) => {
    const next = (attribute.choices ?? []).filter((one) =>
      one === choice ? !chosen.has(one) : chosen.has(one),
    );
    set(attribute.name, next.length ? next : undefined);
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">{attribute.name}</legend>
      {attribute.choices?.map((choice) => (
        <label key={choice} className="flex min-h-6 items-center gap-2 text-base">
          <input
            type="checkbox"
            checked={chosen.has(choice)}
            onChange={() => toggle(choice)}
            className="size-4 accent-accent"
          />
          {choice}
        </label>
      ))}
    </fieldset>
  );
}

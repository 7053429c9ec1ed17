/** The second step: what is done, by a picture each, and the labels of it. */

import { t } from "@/app/words";
import { shapeWords } from "@/screens/intake/contents";
import { Entries } from "./entries";
import { Picture } from "./pictures";
import { inGroup, type Plan, type Wrong } from "./plan";
import type { Template } from "./template";
import { offered } from "./templates";

export function LabelsStep({ plan, wrong }: { readonly plan: Plan; readonly wrong: Wrong }) {
  const { template, change } = plan;
  const choices = offered(plan.modality, plan.shape);
  return (
    <div className="flex flex-col gap-6">
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{t("What is done with each item?")}</legend>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-3">
          {choices.map(([one, fits]) => (
            <TemplateCard
              key={one.id}
              template={one}
              fits={fits}
              chosen={one.id === template.id}
              onChoose={() => change({ template: one.id })}
            />
          ))}
        </div>
      </fieldset>
      {template.groups.map((group) => (
        <Entries
          key={`${template.id} ${group.title}`}
          plan={plan}
          group={group}
          mine={plan.entries
            .map((one, at) => [one, at] as const)
            .filter(([one]) => inGroup(one, group.tools))}
          wrong={wrong}
        />
      ))}
      {template.groups.length === 0 && (
        <p className="text-quiet">{t("Nothing is to be set here: it needs no labels.")}</p>
      )}
    </div>
  );
}

interface TemplateCardProps {
  readonly template: Template;
  readonly fits: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

const TemplateCard = ({ template, fits, chosen, onChoose }: TemplateCardProps) => (
  <label className="group relative flex cursor-pointer gap-3 rounded-lg border border-line bg-raised p-3 shadow-card transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-focus has-disabled:cursor-not-allowed has-disabled:bg-surface has-disabled:shadow-none">
    <input
      type="radio"
      name="template"
      value={template.id}
      checked={chosen}
      disabled={!fits}
      onChange={onChoose}
      className="sr-only"
    />
    <Picture of={template.id} faint={!fits} />
    <span className="min-w-0">
      <span className="block font-semibold">{template.title}</span>
      <span className="block text-sm text-quiet">
        {fits
          ? template.words
          : t("Wants other rows: {shape}.", {
              shape: template.shapes.map(shapeWords).join(", ").toLowerCase(),
            })}
      </span>
    </span>
  </label>
);

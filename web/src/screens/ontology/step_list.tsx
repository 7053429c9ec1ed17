/** The steps so far, in words, with what becomes of answers where that is to be told. */

import { t } from "@/app/words";
import type { Attribute } from "@/engine/document/values";
import { Button, IconButton } from "@/kit/button";
import { Field, Select } from "@/kit/field";
import { notify } from "@/kit/toast";
import { applied } from "./applying";
import { ruleWords, stepWords } from "./said";
import { Settled } from "./settled";
import type { Step } from "./steps";
import type { Editor } from "./use_editing";

export function StepList({ editor }: { readonly editor: Editor }) {
  const { steps } = editor.editing;
  const put = (at: number, step: Step | null) => {
    const why = editor.replace(steps.flatMap((one, place) => (place !== at ? [one] : step ? [step] : [])));
    if (why) notify({ title: t("Later steps need this one"), detail: why, tone: "warn" });
    return why;
  };
  return (
    <section aria-label={t("Steps")} className="rounded-lg border border-line bg-raised shadow-card">
      <header className="flex h-11 items-center gap-2 border-b border-line px-3">
        <h3 className="flex-1 font-semibold">{t("What changes")}</h3>
        {steps.length > 0 && (
          <Button size="sm" look="ghost" onClick={() => discarded(editor)}>
            {t("Discard all")}
          </Button>
        )}
      </header>
      {steps.length === 0 ? (
        <p className="px-3 py-4 text-sm text-quiet">
          {t("Nothing yet. What you edit is listed here, step by step.")}
        </p>
      ) : (
        <ol className="divide-y divide-line">
          {numbered(steps).map(({ step, at, key }) => (
            <li key={key} className="px-3 py-2">
              <div className="flex items-center gap-2">
                <span className="w-5 shrink-0 text-right text-sm text-quiet tabular-nums">{at + 1}</span>
                <span className="min-w-0 flex-1 break-words">{stepWords(step)}</span>
                <IconButton
                  icon="close"
                  size="sm"
                  label={t("Take step {number} out", { number: at + 1 })}
                  onClick={() => put(at, null)}
                />
              </div>
              <Told step={step} put={(next) => put(at, next)} attribute={askedBy(editor, step, at)} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The same words may come again: the second is told apart by how often they came before. */
function numbered(steps: readonly Step[]) {
  const seen = new Map<string, number>();
  return steps.map((step, at) => {
    const words = stepWords(step);
    const times = seen.get(words) ?? 0;
    seen.set(words, times + 1);
    return { step, at, key: `${words} ${times}` };
  });
}

/** Everything goes at once, and comes back at once. */
function discarded(editor: Editor): void {
  const { steps } = editor.editing;
  editor.discard();
  notify({
    title: t("The steps are gone"),
    action: { label: t("Bring them back"), run: () => editor.replace(steps) },
  });
}

/** The attribute that a step is about: of a new type, as it was before; else as it is in the end. */
function askedBy({ definition, editing, base }: Editor, step: Step, at: number): Attribute | undefined {
  if (step.step === "add_attribute") return step.attribute;
  if (step.step !== "require" && step.step !== "retype_attribute") return undefined;
  const { labels } =
    step.step === "require" ? definition : applied(base.definition, editing.steps.slice(0, at));
  const label = labels?.find(({ name }) => name === step.label);
  return label?.attributes?.find(({ name }) => name === step.attribute);
}

interface ToldProps {
  readonly step: Step;
  readonly put: (step: Step) => string | null;
  readonly attribute: Attribute | undefined;
}

/** What becomes of stored answers, where a step can be told. */
function Told({ step, put, attribute }: ToldProps) {
  if ((step.step === "add_attribute" || step.step === "require") && attribute)
    return attribute.required && attribute.default === undefined ? (
      <Fill step={step} put={put} attribute={attribute} />
    ) : null;
  if (step.step === "retype_attribute") {
    if (attribute && allFit(attribute, step)) return null;
    const { otherwise: _, ...rest } = step;
    return (
      <Choice
        label={t("Values that do not fit")}
        value={step.otherwise === null ? "drop" : ""}
        options={[
          ["", t("stay, and people decide")],
          ["drop", t("are taken away")],
        ]}
        choose={(chosen) => put(chosen ? { ...step, otherwise: null } : rest)}
      />
    );
  }
  if (step.step === "change_shapes" && step.tools.length > 0) {
    const { remove_marks: _, ...rest } = step;
    return (
      <Choice
        label={t("Marks of other tools")}
        value={step.remove_marks ? "drop" : ""}
        options={[
          ["", t("stay, and people decide")],
          ["drop", t("are taken away")],
        ]}
        choose={(chosen) => put(chosen ? { ...step, remove_marks: true } : rest)}
      />
    );
  }
  if (step.step === "split_label" && step.rules?.length)
    return (
      <ul className="mt-1 pl-7 text-sm text-quiet">
        {step.rules.map((rule) => (
          <li key={ruleWords(rule)}>{ruleWords(rule)}</li>
        ))}
      </ul>
    );
  return null;
}

/** Whether every value of the old type is told what it becomes, or stays. */
function allFit(old: Attribute, { to, values = {} }: Extract<Step, { step: "retype_attribute" }>): boolean {
  if (old.kind !== to.kind) return to.kind === "text";
  if (old.multiple && !to.multiple) return false;
  if ((to.minimum ?? -Infinity) > (old.minimum ?? -Infinity)) return false;
  if ((to.maximum ?? Infinity) < (old.maximum ?? Infinity)) return false;
  return (old.choices ?? []).every((one) => one in values || to.choices?.includes(one));
}

interface FillProps extends ToldProps {
  readonly step: Extract<Step, { step: "add_attribute" | "require" }>;
  readonly attribute: Attribute;
}

/** What marks get that were made before the question was asked. */
function Fill({ step, put, attribute }: FillProps) {
  const { fill, ...rest } = step;
  const label = t("Marks made before get");
  const nobody = t("nothing: people decide");
  const set = (value: string | number | boolean | null) =>
    put(value === null ? rest : { ...rest, fill: value });
  if (attribute.kind === "text" || attribute.kind === "number")
    return (
      <div className="mt-1 pl-7">
        <Settled
          label={label}
          value={String(fill ?? "")}
          placeholder={nobody}
          settle={(text) => set(text === "" ? null : attribute.kind === "number" ? Number(text) : text)}
        />
      </div>
    );
  if (attribute.multiple) return null;
  const options = attribute.kind === "boolean" ? ["true", "false"] : (attribute.choices ?? []);
  return (
    <Choice
      label={label}
      value={fill === undefined ? "" : String(fill)}
      options={[["", nobody], ...options.map((one) => [one, one] as const)]}
      choose={(chosen) =>
        set(chosen === "" ? null : attribute.kind === "boolean" ? chosen === "true" : chosen)
      }
    />
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly choose: (value: string) => void;
}

const Choice = ({ label, value, options, choose }: ChoiceProps) => (
  <div className="mt-1 pl-7">
    <Field label={label}>
      {(links) => (
        <Select {...links} className="w-full" value={value} onChange={({ target }) => choose(target.value)}>
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  </div>
);

/** A label becomes several: by rules about its marks, and by people where no rule fits. */

import { type FormEvent, useId, useState } from "react";
import { t } from "@/app/words";
import { Button, IconButton } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, Input, Select, TextArea } from "@/kit/field";
import { Notice } from "@/kit/shown";
import type { LabelDialogProps } from "./merge_dialog";
import { conditionOf, type Drafted, MEASURES, newRule } from "./split_rules";
import type { Rule, Step } from "./steps";

export function SplitDialog({ editor, label, choose, close }: LabelDialogProps) {
  const form = useId();
  const [names, setNames] = useState(`${label.name}\n`);
  const [rules, setRules] = useState<readonly Drafted[]>([]);
  const [otherwise, setOtherwise] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const into = [...new Set(names.split("\n").map((one) => one.trim()))].filter(Boolean);
  const split = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const told: readonly Rule[] = rules.map((one) => ({ to: one.to, when: [conditionOf(one, label)] }));
    const step: Step = {
      step: "split_label",
      label: label.name,
      into,
      ...(told.length ? { rules: told } : {}),
      ...(into.includes(otherwise) ? { otherwise } : {}),
    };
    const why = editor.edit([step]);
    setRefused(why);
    if (why) return;
    choose(into[0] === undefined ? {} : { label: into[0] });
    close();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={close}
      title={t("Split {label}", { label: label.name })}
      description={t("Each part has its tools and its attributes. The first rule that fits a mark counts.")}
      actions={
        <>
          <Button onClick={close}>{t("Cancel")}</Button>
          <Button type="submit" form={form} look="primary" disabled={into.length < 2}>
            {t("Split")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={split} className="flex flex-col gap-4" noValidate>
        <Field label={t("Into, one on each line")} hint={t("It may keep its own name for one of them.")}>
          {(links) => (
            <TextArea {...links} value={names} onChange={(event) => setNames(event.target.value)} />
          )}
        </Field>
        <RuleList {...{ label, into, rules, setRules }} />
        <Field label={t("Marks that fit no rule")}>
          {(links) => (
            <Select
              {...links}
              className="w-full"
              value={otherwise}
              onChange={(event) => setOtherwise(event.target.value)}
            >
              <option value="">{t("are left as they are, and people decide")}</option>
              {into.map((name) => (
                <option key={name} value={name}>
                  {t("become {name}", { name })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {refused && <Notice>{refused}</Notice>}
      </form>
    </Dialog>
  );
}

interface RuleListProps extends Pick<LabelDialogProps, "label"> {
  readonly into: readonly string[];
  readonly rules: readonly Drafted[];
  readonly setRules: (rules: readonly Drafted[]) => void;
}

function RuleList({ label, into, rules, setRules }: RuleListProps) {
  const put = (at: number, change: Partial<Drafted>) =>
    setRules(rules.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const [first] = into;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{t("Rules")}</legend>
      {rules.map((rule, at) => (
        <div key={rule.id} className="flex flex-wrap items-center gap-2">
          <span className="text-sm text-quiet">{t("where")}</span>
          <Select
            aria-label={t("Of what, rule {number}", { number: at + 1 })}
            value={rule.subject}
            onChange={(event) => put(at, { subject: event.target.value })}
          >
            {(label.attributes ?? []).map(({ name }) => (
              <option key={name} value={`attribute ${name}`}>
                {name}
              </option>
            ))}
            {MEASURES.map((measure) => (
              <option key={measure} value={`shape ${measure}`}>
                {t(measure)}
              </option>
            ))}
          </Select>
          <Select
            aria-label={t("How it is compared, rule {number}", { number: at + 1 })}
            value={rule.how}
            onChange={(event) => put(at, { how: event.target.value as Drafted["how"] })}
          >
            <option value="equals">{t("is")}</option>
            <option value="at_least">{t("is at least")}</option>
            <option value="at_most">{t("is at most")}</option>
            <option value="absent">{t("is not said")}</option>
          </Select>
          {rule.how !== "absent" && (
            <Input
              aria-label={t("Value, rule {number}", { number: at + 1 })}
              className="w-32!"
              value={rule.value}
              onChange={(event) => put(at, { value: event.target.value })}
            />
          )}
          <span className="text-sm text-quiet">{t("becomes")}</span>
          <Select
            aria-label={t("Becomes, rule {number}", { number: at + 1 })}
            value={rule.to}
            onChange={(event) => put(at, { to: event.target.value })}
          >
            {into.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
          <IconButton
            icon="close"
            label={t("Remove rule {number}", { number: at + 1 })}
            onClick={() => setRules(rules.filter((one) => one !== rule))}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon="add"
          disabled={first === undefined}
          onClick={() => setRules([...rules, newRule(label, first ?? "")])}
        >
          {t("Add a rule")}
        </Button>
      </div>
    </fieldset>
  );
}

/** Until when tasks are asked again: a kind, how sure, and how often at the most. */

import { useState } from "react";
import { t } from "@/app/words";
import { Field, Input, Select } from "@/kit/field";
import type { Target } from "./queries";
import { kindWord, TARGET_KINDS, type TargetKind } from "./terms";

export interface TargetFieldsProps {
  readonly target: Target | null | undefined;
  /** The least number of answers, where the target begins. */
  readonly overlap: number;
}

export function TargetFields({ target, overlap }: TargetFieldsProps) {
  const [kind, setKind] = useState<TargetKind>(target?.kind ?? "fixed");
  const budget = kind === "budget";
  const before = target?.kind === kind ? target.value : undefined;
  const value = before === undefined ? (budget ? "" : 95) : budget ? before : Math.round(before * 1000) / 10;
  return (
    <fieldset className="grid gap-4 sm:grid-cols-[2fr_1fr_1fr]">
      <legend className="sr-only">{t("How often tasks are asked")}</legend>
      <Field label={t("Ask again")}>
        {(links) => (
          <Select
            {...links}
            name="kind"
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as TargetKind)}
            className="w-full"
          >
            {TARGET_KINDS.map((one) => (
              <option key={one} value={one}>
                {kindWord(one)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {kind !== "fixed" && (
        <>
          <Field label={budget ? t("Answers in all") : t("Sure, in %")}>
            {(links) => (
              <Input
                {...links}
                key={kind}
                name="value"
                type="number"
                min={budget ? 1 : 50}
                max={budget ? undefined : 99.9}
                step={budget ? 1 : 0.1}
                defaultValue={value}
              />
            )}
          </Field>
          <Field label={t("At most per task")}>
            {(links) => (
              <Input
                {...links}
                name="overlap_max"
                type="number"
                min={overlap}
                max={100}
                defaultValue={target?.overlap_max ?? Math.max(5, overlap)}
              />
            )}
          </Field>
        </>
      )}
    </fieldset>
  );
}

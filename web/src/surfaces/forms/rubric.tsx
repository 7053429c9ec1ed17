/** Criteria with weights, each scored on its scale or by its choices; their weighted total is shown. */

import { type RefObject, useRef, useState } from "react";
import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";
import { classes } from "@/kit/classes";
import { TextArea } from "@/kit/field";
import { type Criterion, criteriaOf, optionsOf, totalOf } from "../criteria";
import { digitCommands, FormFrame, KeyHints, stepCommands, useFormCommands } from "../form_frame";
import { OptionRow } from "../option_row";
import type { FormProps } from "../surface";

type Answers = Readonly<Record<string, Json>>;

export default function RubricForm(props: FormProps) {
  const { tool, definition, readOnly } = props;
  const box = useRef<HTMLElement>(null);
  const { criteria, current, scores, justifications, score, justify, setAt } = useRubric(props, box);
  const total = totalOf(criteria, scores);
  return (
    <FormFrame tool={tool} title={t("Rubric")} said={<Total total={total} />} box={box}>
      {criteria.map((criterion, place) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: what has the focus is what digits answer
        <div
          key={criterion.name}
          onFocus={() => setAt(place)}
          className={classes(
            "flex flex-col gap-2 rounded-lg border p-2.5",
            criterion === current ? "border-line-strong bg-surface" : "border-line",
          )}
        >
          <CriterionWords criterion={criterion} />
          <OptionRow
            label={criterion.name}
            options={optionsOf(criterion)}
            chosen={optionsOf(criterion).find(({ value }) => value === scores[criterion.name])?.value}
            pick={(value) => score(criterion.name, value)}
            readOnly={readOnly}
          />
          {(definition.tools[tool]?.justify === true || justifications[criterion.name] !== undefined) && (
            <TextArea
              aria-label={t("Why, for {name}", { name: criterion.name })}
              placeholder={t("Why?")}
              dir="auto"
              value={String(justifications[criterion.name] ?? "")}
              readOnly={readOnly}
              onChange={(event) => justify(criterion.name, event.target.value)}
              className="min-h-14!"
            />
          )}
        </div>
      ))}
      <KeyHints
        hints={[
          [["1", "…"], t("score")],
          [["J", "K"], t("next, previous criterion")],
        ]}
      />
    </FormFrame>
  );
}

/** The criteria and their scores, and the one that digits score. */
function useRubric(props: FormProps, box: RefObject<HTMLElement | null>) {
  const { tool, definition, document, perform, announce } = props;
  const [at, setAt] = useState(0);
  const criteria = criteriaOf(definition.tools[tool]?.criteria);
  const { scores, justifications } = valueIn(document.forms[tool]);
  const current = criteria[Math.min(at, criteria.length - 1)];
  const put = (next: { scores?: Answers; justifications?: Answers }, together?: string) =>
    perform({ kind: "fill", tool, value: rubricOf({ scores, justifications, ...next }) }, together);
  const score = (name: string, value: Json) => {
    const { [name]: before, ...others } = scores;
    const again = before === value;
    put({ scores: again ? others : { ...others, [name]: value } });
    announce(t("{name}: {value}", { name, value: again ? t("not scored") : String(value) }));
  };
  const justify = (name: string, why: string) =>
    put({ justifications: { ...justifications, [name]: why } }, `${tool} why ${name}`);
  const go = (by: number) => setAt(Math.max(0, Math.min(at + by, criteria.length - 1)));
  const byDigit = (digit: string) => {
    const option = current && optionsOf(current).find((one) => one.digit === digit);
    if (!current || !option) return;
    if (scores[current.name] !== option.value) score(current.name, option.value);
    go(1);
  };
  useFormCommands(props, box, [
    ...digitCommands(t("Score"), byDigit),
    ...stepCommands(t("Next criterion"), t("Previous criterion"), go),
  ]);
  return { criteria, current, scores, justifications, score, justify, setAt };
}

function valueIn(value: Json | undefined): { readonly scores: Answers; readonly justifications: Answers } {
  const found = isRecord(value) ? value : {};
  return {
    scores: isRecord(found.scores) ? found.scores : {},
    justifications: isRecord(found.justifications) ? found.justifications : {},
  };
}

/** Return the value to send: blank justifications are none, and nothing at all is no value. */
function rubricOf({
  scores,
  justifications,
}: {
  readonly scores: Answers;
  readonly justifications: Answers;
}) {
  const said = Object.entries(justifications).filter(([, why]) => why !== "");
  if (Object.keys(scores).length === 0 && said.length === 0) return undefined;
  return said.length ? { scores, justifications: Object.fromEntries(said) } : { scores };
}

const Total = ({ total }: { readonly total: number | undefined }) => (
  <span className="flex items-center gap-2">
    <meter
      aria-label={t("Weighted total")}
      min={0}
      max={1}
      value={total ?? 0}
      className="h-2 w-20 [&::-webkit-meter-bar]:border-line [&::-webkit-meter-bar]:bg-sunken [&::-webkit-meter-optimum-value]:bg-accent"
    />
    <b className="w-10 text-right font-semibold text-ink tabular-nums">
      {total === undefined ? "–" : `${Math.round(total * 100)} %`}
    </b>
  </span>
);

const CriterionWords = ({
  criterion: { name, weight, description, required },
}: {
  readonly criterion: Criterion;
}) => (
  <div>
    <p className="flex items-baseline justify-between gap-2">
      <span className="font-medium text-base">{name}</span>
      <span className="shrink-0 text-quiet text-xs">
        {required ? "" : t("may be left out")} {weight === 1 ? "" : t("weight {weight}", { weight })}
      </span>
    </p>
    {description && <p className="text-quiet text-sm">{description}</p>}
  </div>
);

/** Ratings of an item: each label is a question, each answer a level of its scale. */

import { type RefObject, useRef, useState } from "react";
import { t } from "@/app/words";
import { labelsFor } from "@/engine/document/answer";
import { marksOf } from "@/engine/document/apply";
import { classes } from "@/kit/classes";
import { digitCommands, FormFrame, KeyHints, stepCommands, useFormCommands } from "../form_frame";
import { LevelRow } from "../level_row";
import { MarkQuestions } from "../mark_questions";
import { levelIn, ratingAction } from "../ratings";
import { levelOf, scaleOf } from "../scales";
import type { FormProps } from "../surface";

export default function OrdinalForm(props: FormProps) {
  const { tool, definition, readOnly } = props;
  const box = useRef<HTMLElement>(null);
  const { labels, current, markOf, rate, setAt } = useRatings(props, box);
  const rated = labels.filter(({ name }) => levelIn(markOf(name)) !== undefined).length;
  return (
    <FormFrame
      tool={tool}
      title={t("Rating")}
      said={t("{rated} of {all}", { rated, all: labels.length })}
      box={box}
    >
      {labels.map(({ name, description }, place) => {
        const mark = markOf(name);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: what has the focus is what digits answer
          <div
            key={name}
            onFocus={() => setAt(place)}
            className={classes(
              "flex flex-col gap-1.5 rounded-lg border p-2.5",
              current?.name === name && labels.length > 1 ? "border-line-strong" : "border-line",
            )}
          >
            <p className="font-medium text-base">{name}</p>
            {description && <p className="text-quiet text-sm">{description}</p>}
            <LevelRow
              label={name}
              scale={scaleOf(definition.tools[tool], name) ?? { minimum: 1, maximum: 5 }}
              level={levelIn(mark)}
              rate={(level) => rate(name, level)}
              readOnly={readOnly}
            />
            {mark && <MarkQuestions {...props} mark={mark} />}
          </div>
        );
      })}
      <KeyHints
        hints={[
          [["1", "…"], t("rate")],
          [["J", "K"], t("next, previous question")],
        ]}
      />
    </FormFrame>
  );
}

/** The questions and their answers, and the one that digits answer. */
function useRatings(props: FormProps, box: RefObject<HTMLElement | null>) {
  const { tool, definition, document, perform, announce } = props;
  const [at, setAt] = useState(0);
  const labels = labelsFor(definition.labels, tool);
  const marks = marksOf(document, tool);
  const markOf = (label: string) => marks.find((mark) => mark.label === label);
  const current = labels[Math.min(at, labels.length - 1)];
  const rate = (label: string, level: number | undefined) => {
    perform(ratingAction(tool, markOf(label), label, {}, level));
    announce(t("{label}: {level}", { label, level: level ?? t("not rated") }));
  };
  const go = (by: number) => setAt(Math.max(0, Math.min(at + by, labels.length - 1)));
  const byDigit = (digit: string) => {
    const scale = current && scaleOf(definition.tools[tool], current.name);
    const level = scale ? levelOf(scale, digit) : undefined;
    if (!current || level === undefined) return;
    rate(current.name, level);
    go(1);
  };
  useFormCommands(props, box, [
    ...digitCommands(t("Rate"), byDigit),
    ...stepCommands(t("Next question"), t("Previous question"), go),
  ]);
  return { labels, current, markOf, rate, setAt };
}

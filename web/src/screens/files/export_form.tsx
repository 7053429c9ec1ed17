/** An export is asked for: in which format, and what goes in. */

import { type FormEvent, useId, useState } from "react";
import { answered, type PlatformShape, platform, problemOf } from "@/api/client";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Switch } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Notice } from "@/kit/shown";

type Format = NonNullable<PlatformShape<"NewExport">["format"]>;

export interface ExportFormProps {
  readonly project: PlatformShape<"ProjectView">;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onBegun: () => void;
}

export const ExportForm = (props: ExportFormProps) => (props.open ? <Asked {...props} /> : null);

/** The formats of a modality: what they are called, and for what. */
function formatsOf(modality: string): readonly (readonly [Format, string, string])[] {
  const lines = [
    "jsonl",
    "JSONL",
    t("One task a line: the item, the agreed answer, its version and how it came about."),
  ] as const;
  if (modality === "image")
    return [
      lines,
      ["coco", "COCO", t("One document with boxes and polygons, as trainers of detectors read it.")],
    ];
  if (modality === "text")
    return [
      lines,
      [
        "preference_jsonl",
        t("Preferences"),
        t("Prompt, chosen and rejected: what reward models are trained on."),
      ],
    ];
  return [lines];
}

function Asked({ project, onOpenChange, onBegun }: ExportFormProps) {
  const form = useId();
  const formats = formatsOf(project.modality);
  const [format, setFormat] = useState<Format>("jsonl");
  const [every, setEvery] = useState(false);
  const [packed, setPacked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const include = every && format === "jsonl";
    const body = { project: project.id, format, include_submissions: include, gzip: packed };
    try {
      await answered(platform.POST("/v1/exports", { body }));
      onBegun();
      onOpenChange(false);
    } catch (error) {
      setProblem(problemOf(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={t("Export")}
      description={t("What is accepted now; what waits for answers or a review is left out.")}
      actions={
        <Button type="submit" form={form} look="primary" icon="download" busy={busy}>
          {t("Begin the export")}
        </Button>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {problem && <Notice>{problem}</Notice>}
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">{t("Format")}</legend>
          {formats.map(([value, title, words]) => (
            <label
              key={value}
              className="flex cursor-pointer items-start gap-3 rounded-md border border-line px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="format"
                value={value}
                checked={format === value}
                onChange={() => setFormat(value)}
                className="mt-1 accent-accent"
              />
              <span>
                <span className="block font-medium">{title}</span>
                <span className="block text-sm text-quiet">{words}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {format === "jsonl" && (
          <Line title={t("Every person's answer beside the agreed one")} value={every} onChange={setEvery} />
        )}
        <Line title={t("Packed (gzip)")} value={packed} onChange={setPacked} />
      </form>
    </Dialog>
  );
}

interface LineProps {
  readonly title: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

const Line = ({ title, value, onChange }: LineProps) => (
  <div className="flex items-center gap-3">
    <span className="flex-1">{title}</span>
    <Switch label={title} checked={value} onChange={onChange} />
  </div>
);

/** The first step: which files, and what they are. */

import { useEffect, useRef, useState } from "react";
import { t } from "@/app/words";
import { Segments } from "@/kit/choices";
import { Notice } from "@/kit/shown";
import { Contents, ReadingForm } from "@/screens/intake/contents";
import { Drop } from "@/screens/intake/drop";
import { fits } from "@/screens/intake/values";
import type { Making } from "./draft";
import type { Plan, Wrong } from "./plan";

export interface FilesStepProps {
  readonly making: Making;
  readonly plan: Plan;
  readonly wrong: Wrong;
}

export function FilesStep({ making, plan, wrong }: FilesStepProps) {
  const { files } = making;
  const [looking, setLooking] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const choose = (chosen: Parameters<Making["choose"]>[0]) => {
    setLooking(true);
    void making.choose(chosen).finally(() => {
      setLooking(false);
      place.current?.closest("form")?.querySelector<HTMLElement>("[type=submit]")?.focus();
    });
  };
  useEffect(() => {
    // Enter is all that is needed to choose.
    if (document.activeElement === document.body || document.activeElement?.id === "content")
      place.current?.querySelector<HTMLElement>("[data-choose-files]")?.focus({ preventScroll: true });
  }, []);
  const usable = files.filter((file) => fits(file, plan.modality));
  return (
    <div ref={place} className="flex flex-col gap-5">
      <Drop onChoose={choose} more={files.length > 0} />
      <p role="status" className="sr-only">
        {looking
          ? t("Looking into the files…")
          : t("{count, plural, =0 {} one {# file can be used} other {# files can be used}}", {
              count: usable.length,
            })}
      </p>
      {wrong["/files"] && <Notice>{wrong["/files"]}</Notice>}
      <Contents files={files} modality={plan.modality} onRemove={making.remove} />
      <div className="flex flex-wrap items-center gap-3">
        <span className="text-sm font-medium">{t("The project is about")}</span>
        <Segments
          label={t("The project is about")}
          value={plan.modality}
          choices={[
            ["text", t("Texts"), "text"],
            ["image", t("Images"), "image"],
            ["video", t("Videos"), "video"],
          ]}
          onChange={(modality) => making.change({ modality })}
        />
        {files.length > 0 && making.draft.modality === null && (
          <span className="text-sm text-quiet">{t("as your files say")}</span>
        )}
      </div>
      {plan.modality === "text" && usable.length > 0 && (
        <ReadingForm
          files={usable}
          reading={plan.reading}
          onChange={(reading) => making.change({ reading })}
        />
      )}
    </div>
  );
}

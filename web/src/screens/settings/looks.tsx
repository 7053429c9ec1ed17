/** Theme, contrast and motion. */

import type { ReactNode } from "react";
import { appearance } from "@/app/appearance";
import { usePersisted } from "@/app/persisted";
import { t } from "@/app/words";
import { Segments } from "@/kit/choices";

export function Looks() {
  const [looks, setLooks] = usePersisted(appearance);
  const system = t("As the system");
  return (
    <div className="divide-y divide-line">
      <Line title={t("Theme")}>
        <Segments
          label={t("Theme")}
          value={looks.theme}
          choices={[
            ["system", system],
            ["dark", t("Dark"), "moon"],
            ["light", t("Light"), "sun"],
          ]}
          onChange={(theme) => setLooks({ ...looks, theme })}
        />
      </Line>
      <Line title={t("Contrast")} lead={t("More: black on white or white on black, and stronger lines.")}>
        <Segments
          label={t("Contrast")}
          value={looks.contrast}
          choices={[
            ["system", system],
            ["normal", t("Normal")],
            ["more", t("More"), "contrast"],
          ]}
          onChange={(contrast) => setLooks({ ...looks, contrast })}
        />
      </Line>
      <Line title={t("Motion")} lead={t("Less: nothing slides or fades.")}>
        <Segments
          label={t("Motion")}
          value={looks.motion}
          choices={[
            ["system", system],
            ["normal", t("Normal")],
            ["less", t("Less")],
          ]}
          onChange={(motion) => setLooks({ ...looks, motion })}
        />
      </Line>
    </div>
  );
}

export interface LineProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

/** A setting: what it is to the left, its control to the right. */
export const Line = ({ title, lead, children }: LineProps) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
    <div className="min-w-40 flex-1">
      <p className="font-medium">{title}</p>
      {lead && <p className="text-sm text-quiet">{lead}</p>}
    </div>
    {children}
  </div>
);

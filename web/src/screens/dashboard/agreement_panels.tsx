/** How far annotators agree: over the weeks, and by label; what is told leads to the tasks behind it. */

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Chart } from "@/kit/chart";
import { csvOf } from "@/kit/chart_data";
import { Intervals } from "@/kit/intervals";
import { saveFile } from "@/kit/save_file";
import { agreementQuery, type Project } from "./asking";
import { plotOfWeeks, rowOf } from "./measures";
import { NothingYet, Panel } from "./panel";

const share = (value: number) => value.toFixed(2);
const LOW_AGREEMENT = [0, 0.5] as const;
const LABELS_SHOWN_MAX = 30;

export function AgreementOverTime({ project }: { readonly project: Project }) {
  const found = useQuery(agreementQuery(project, "week"));
  const navigate = useNavigate();
  const plot = useMemo(() => found.data && plotOfWeeks(found.data), [found.data]);
  // Where they differ is what a manager looks for.
  const open = () =>
    void navigate({
      to: "/projects/$project/data",
      params: { project: project.id },
      search: { filter: { agreement: LOW_AGREEMENT } },
    });
  const label = t("Agreement by week");
  // Worse than chance is below 0.
  const lowest = Math.min(0, ...(plot?.lines.flatMap(({ low = [] }) => low.map((one) => one ?? 0)) ?? []));
  return (
    <Panel
      title={label}
      about={t(
        "With its 95 % interval; 1 is perfect, 0 is what chance gives. A mark opens the tasks that differ.",
      )}
      found={found}
    >
      {() =>
        plot && plot.times.length > 0 ? (
          <Chart label={label} plot={plot} format={share} range={[lowest, 1]} file="agreement" open={open} />
        ) : (
          <NothingYet>
            {t("Needs tasks that two people answered: give a batch an overlap of 2 or more.")}
          </NothingYet>
        )
      }
    </Panel>
  );
}

export function AgreementByLabel({ project }: { readonly project: Project }) {
  const found = useQuery(agreementQuery(project, "label"));
  return (
    <Panel
      title={t("Agreement by label")}
      about={t("A low label is often two labels, or one that the instructions do not tell apart.")}
      found={found}
    >
      {({ groups }) => {
        const rows = groups
          .filter(({ label }) => label !== null)
          .map((group) => ({ group, ...rowOf(group) }))
          .sort((one, other) => (one.value ?? 2) - (other.value ?? 2));
        if (rows.length === 0)
          return <NothingYet>{t("Each label's agreement stands here, the lowest first.")}</NothingYet>;
        return (
          <>
            <Intervals
              label={t("Agreement by label")}
              of={t("Label")}
              rows={rows.slice(0, LABELS_SHOWN_MAX).map(({ group, value, low, high, measure }) => ({
                id: `${group.tool} ${group.label}`,
                name: <LabelLink project={project.id} label={group.label ?? ""} />,
                basis: t("{measure}, {tasks} tasks", { measure, tasks: counted(group.tasks) }),
                value,
                low,
                high,
              }))}
            />
            <Csv
              file="agreement-by-label"
              label={t("Agreement by label: save as CSV")}
              rows={() => [
                ["tool", "label", "measure", "value", "low", "high", "tasks"],
                ...rows.map(({ group, value, low, high, measure }) => [
                  group.tool,
                  group.label ?? "",
                  measure,
                  value,
                  low,
                  high,
                  group.tasks,
                ]),
              ]}
            />
          </>
        );
      }}
    </Panel>
  );
}

const LabelLink = ({ project, label }: { readonly project: string; readonly label: string }) => (
  <Link
    to="/projects/$project/data"
    params={{ project }}
    search={{ filter: { answered: [label] } }}
    className="underline-offset-2 hover:underline"
  >
    {label}
  </Link>
);

export interface CsvProps {
  readonly file: string;
  readonly label: string;
  readonly rows: () => readonly (readonly (string | number | null)[])[];
}

export const Csv = ({ file, label, rows }: CsvProps) => (
  <Button
    size="sm"
    look="ghost"
    icon="download"
    aria-label={label}
    className="self-start"
    onClick={() => saveFile(`${file}.csv`, csvOf(rows()))}
  >
    CSV
  </Button>
);

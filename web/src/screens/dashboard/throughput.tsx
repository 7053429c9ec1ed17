/** How many labels come in, by hours or days and by person; a bar opens the answers behind it. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { counted, t } from "@/app/words";
import { Chart } from "@/kit/chart";
import { HOUR_SECONDS, type Look, paceQuery, stepOf } from "./asking";
import { Behind } from "./behind";
import { plotOfPace, sumOf } from "./pace";
import { NothingYet, Panel } from "./panel";

export function Throughput({ look }: { readonly look: Look }) {
  const found = useQuery(paceQuery(look));
  const [opened, setOpened] = useState<number | null>(null);
  const step = stepOf(look.days);
  const plot = useMemo(() => found.data && plotOfPace(found.data), [found.data]);
  const label = step === "hour" ? t("Labels an hour") : t("Labels a day");
  const from = opened === null ? undefined : plot?.times[opened];
  const span = (step === "hour" ? 1 : 24) * HOUR_SECONDS;
  return (
    <Panel
      wide
      title={label}
      about={t("First answers by when they were committed (UTC steps), whoever gave them.")}
      found={found}
    >
      {(pace) =>
        plot && pace.moments.length > 0 ? (
          <>
            <Chart label={label} plot={plot} bars format={counted} file="labels" open={setOpened}>
              <Said {...sumOf(pace)} />
            </Chart>
            {from !== undefined && (
              <Behind look={look} from={from} until={from + span} close={() => setOpened(null)} />
            )}
          </>
        ) : (
          <NothingYet>
            {pace.last_at
              ? t("Nobody labelled in this time. Choose a longer one.")
              : t("Bars stand here as soon as the first answer is in.")}
          </NothingYet>
        )
      }
    </Panel>
  );
}

const Said = ({ revisions, discounted }: { readonly revisions: number; readonly discounted: number }) => (
  <span className="mr-auto text-sm text-quiet">
    {t(
      "{revisions, plural, one {# second thought} other {# second thoughts}}, {discounted, plural, one {# answer counts} other {# answers count}} no more",
      { revisions, discounted },
    )}
  </span>
);

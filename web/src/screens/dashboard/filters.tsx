/** The time and the person that are looked at, both in the address, and the link that shows the same to others. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { OverviewSearch } from "@/app/router";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Select } from "@/kit/field";
import { notify } from "@/kit/toast";
import { type Look, paceQuery } from "./asking";

export function Filters({ look }: { readonly look: Look }) {
  const { project, days, until, person } = look;
  const navigate = useNavigate();
  // People of the time looked at, whoever is chosen.
  const { data: pace } = useQuery(paceQuery({ ...look, person: undefined }));
  const go = (search: OverviewSearch) =>
    void navigate({ to: "/projects/$project", params: { project: project.id }, search, replace: true });
  const now: OverviewSearch = {
    days: days as NonNullable<OverviewSearch["days"]>,
    ...(until && { until }),
    ...(person && { person }),
  };
  const people = pace?.people ?? [];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segments
        label={t("Time")}
        value={String(days)}
        choices={[
          ["1", t("24 hours")],
          ["7", t("7 days")],
          ["30", t("30 days")],
          ["90", t("90 days")],
        ]}
        onChange={(chosen) => go({ ...now, days: Number(chosen) as NonNullable<OverviewSearch["days"]> })}
      />
      <Select
        aria-label={t("Person")}
        className="w-44"
        value={person ?? ""}
        onChange={({ target }) => {
          const { person: _, ...rest } = now;
          go(target.value ? { ...rest, person: target.value } : rest);
        }}
      >
        <option value="">{t("Everybody")}</option>
        {people.map(({ member, name }) => (
          <option key={member} value={member}>
            {name}
          </option>
        ))}
        {person && !people.some(({ member }) => member === person) && (
          <option value={person}>{t("Somebody else")}</option>
        )}
      </Select>
      {until && (
        <Button
          icon="clock"
          onClick={() => {
            const { until: _, ...rest } = now;
            go(rest);
          }}
        >
          {t("Until {at}: follow on", { at: moment(until) })}
        </Button>
      )}
      <Button icon="link" className="ml-auto" onClick={() => void copyLink(now)}>
        {t("Copy link")}
      </Button>
    </div>
  );
}

/** Copies an address that will show what is shown now, also tomorrow. */
async function copyLink(now: OverviewSearch) {
  const address = new URL(location.href);
  const search = { until: new Date().toISOString(), ...now };
  address.search = new URLSearchParams(
    Object.entries(search).map(([name, value]) => [name, String(value)]),
  ).toString();
  try {
    await navigator.clipboard.writeText(address.href);
    notify({ title: t("Link copied"), detail: t("It goes on showing this time."), tone: "good" });
  } catch {
    notify({ title: t("The browser does not let the page copy"), detail: address.href, tone: "warn" });
  }
}

/** How good annotators are, with intervals; gold pass rates; one person's skill over the days. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { counted, t } from "@/app/words";
import { Chart } from "@/kit/chart";
import type { Plot } from "@/kit/chart_data";
import { Intervals } from "@/kit/intervals";
import { Badge } from "@/kit/shown";
import { Csv } from "./agreement_panels";
import { type Look, type Skill, skillQuery } from "./asking";
import { NothingYet, Panel } from "./panel";

const share = (value: number) => value.toFixed(2);
const PEOPLE_SHOWN_MAX = 25;

export function PeoplePanel({ look }: { readonly look: Look }) {
  const found = useQuery(skillQuery(look));
  return (
    <Panel
      wide
      title={t("Annotators")}
      about={t(
        "Skill is the share of work that is right, with its 95 % interval. Choose a name to see one person.",
      )}
      found={found}
    >
      {({ items }) => {
        const people = [...items].sort((one, other) => (one.skill ?? 2) - (other.skill ?? 2));
        if (people.length === 0)
          return <NothingYet>{t("Who labels here stands here, with how good their work is.")}</NothingYet>;
        return (
          <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
            <Skills look={look} people={people} />
            {look.person ? <History person={people[0]} /> : <Gold look={look} people={people} />}
          </div>
        );
      }}
    </Panel>
  );
}

interface PeopleProps {
  readonly look: Look;
  readonly people: readonly Skill[];
}

const Skills = ({ look, people }: PeopleProps) => (
  <div className="flex min-w-0 flex-col gap-2">
    <h4 className="font-medium">{t("Skill")}</h4>
    <Intervals
      label={t("Skill of annotators")}
      of={t("Person")}
      rows={people.slice(0, PEOPLE_SHOWN_MAX).map((one) => ({
        id: one.member,
        name: <Person look={look} person={one} />,
        basis: t("{gold} known, {agreed} agreed answers", {
          gold: counted(one.gold_answers),
          agreed: counted(one.agreed_answers),
        }),
        value: one.skill,
        low: one.low,
        high: one.high,
      }))}
    />
    <Csv
      file="skill"
      label={t("Skill of annotators: save as CSV")}
      rows={() => [
        [
          "name",
          "state",
          "skill",
          "low",
          "high",
          "gold_answers",
          "gold_score",
          "agreed_answers",
          "agreed_score",
        ],
        ...people.map((one) => [
          one.name ?? one.member,
          one.state,
          one.skill,
          one.low,
          one.high,
          one.gold_answers,
          one.gold_score,
          one.agreed_answers,
          one.agreed_score,
        ]),
      ]}
    />
  </div>
);

const Person = ({ look, person }: { readonly look: Look; readonly person: Skill }) => (
  <span className="flex items-center gap-2">
    <Link
      to="/projects/$project"
      params={{ project: look.project.id }}
      search={(before) => ({ ...before, person: person.member })}
      className="truncate underline-offset-2 hover:underline"
    >
      {person.name ?? person.member}
    </Link>
    {person.state !== "active" && (
      <Badge tone={person.state === "paused" ? "warn" : "plain"}>
        {person.state === "paused" ? t("paused") : t("qualifying")}
      </Badge>
    )}
  </span>
);

function Gold({ look, people }: PeopleProps) {
  const judged = people.filter(({ gold_answers }) => gold_answers > 0);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h4 className="font-medium">{t("Known answers (gold) met")}</h4>
      {judged.length === 0 ? (
        <NothingYet>
          {t("No answer was held against a known one yet. Add gold, and set its rate.")}
        </NothingYet>
      ) : (
        <Intervals
          label={t("Known answers met")}
          of={t("Person")}
          rows={judged.slice(0, PEOPLE_SHOWN_MAX).map((one) => ({
            id: one.member,
            name: (
              <Link
                to="/projects/$project/data"
                params={{ project: look.project.id }}
                search={{ filter: { annotators: [one.member], gold: true } }}
                className="underline-offset-2 hover:underline"
              >
                {one.name ?? one.member}
              </Link>
            ),
            basis: t("{answers, plural, one {# answer} other {# answers}}", { answers: one.gold_answers }),
            value: one.gold_score,
            low: null,
            high: null,
          }))}
        />
      )}
    </div>
  );
}

function History({ person }: { readonly person: Skill | undefined }) {
  const plot = useMemo(() => person && plotOfDays(person), [person]);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h4 className="font-medium">{t("Skill by day")}</h4>
      {plot && plot.times.length > 0 ? (
        <Chart label={t("Skill by day")} plot={plot} format={share} range={[0, 1]} file="skill-by-day" />
      ) : (
        <NothingYet>{t("Each day on which the skill changed will be a mark here.")}</NothingYet>
      )}
    </div>
  );
}

function plotOfDays({ name, days }: Skill): Plot {
  const known = [...(days ?? [])].reverse();
  return {
    times: known.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1000),
    lines: [
      {
        name: name ?? t("Skill"),
        values: known.map(({ skill }) => skill),
        low: known.map(({ low }) => low),
        high: known.map(({ high }) => high),
      },
    ],
  };
}

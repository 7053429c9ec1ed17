/** All that is known of one item: itself, where it comes from, and every answer with what became of it. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { answered, type ModalityShape, modality, problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { moment, t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { Badge, Notice } from "@/kit/shown";
import { useColours } from "./colours";
import { DrawnItem } from "./drawn_item";
import { Remarks } from "./item_remarks";
import type { Project } from "./looking";
import { type Colour, Share, StateBadge, Told } from "./told";

export type Item = ModalityShape<"ItemView">;

const itemQuery = ({ id, modality: name }: Project, task: string) =>
  queryOptions({
    queryKey: ["data", id, "item", task],
    queryFn: () =>
      answered(modality(name).GET("/data/{task}", { params: { path: { task }, query: { project: id } } })),
  });

export default function ItemPage() {
  const { project: id = "", item = "" } = useParams({ strict: false });
  const { data: project } = useQuery(projectQuery(id));
  return project ? <Known project={project} task={item} /> : <Waiting />;
}

function Known({ project, task }: { readonly project: Project; readonly task: string }) {
  const { data: item, error } = useQuery(itemQuery(project, task));
  if (error)
    return (
      <div className="p-6">
        <Notice>{problemOf(error).message}</Notice>
      </div>
    );
  return item ? <All project={project} item={item} key={item.found.task} /> : <Waiting />;
}

/** One of the things that were said of an item: the outcome, somebody's answer, a model's. */
export interface Said {
  readonly id: string;
  readonly title: string;
  readonly answer: unknown;
  readonly version: string | null;
  readonly told: Item["found"]["told"];
  readonly facts: readonly string[];
  readonly badge: ReactNode;
}

function All({ project, item }: { readonly project: Project; readonly item: Item }) {
  const colour = useColours(project);
  const said = everythingSaid(item);
  const [chosen, setChosen] = useState(said[0]?.id);
  const shown = said.find(({ id }) => id === chosen);
  const { found } = item;
  return (
    <div className="mx-auto w-full max-w-7xl px-4 py-5 sm:px-6">
      <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Link
          to="/projects/$project/data"
          params={{ project: project.id }}
          aria-label={t("Back to the data")}
          className={buttonClasses("ghost", "sm")}
        >
          <Icon name="arrowLeft" />
        </Link>
        <h2 className="min-w-0 truncate text-lg font-semibold">{found.unique_id}</h2>
        <StateBadge state={found.state} />
        {item.outcome && (
          <Link
            to="/projects/$project/record/$outcome"
            params={{ project: project.id, outcome: item.outcome.id }}
            className={classes(buttonClasses("plain", "sm"), "ml-auto")}
          >
            <Icon name="relation" />
            {t("How it came about")}
          </Link>
        )}
      </header>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          <DrawnItem project={project} item={item} said={shown} />
          <Facts item={item} />
        </div>
        <div className="min-w-0">
          <Answers {...{ said, chosen, colour }} onChoose={setChosen} />
          <Remarks project={project} task={found.task} />
        </div>
      </div>
    </div>
  );
}

function everythingSaid(item: Item): readonly Said[] {
  const said: Said[] = [];
  const { outcome } = item;
  if (outcome)
    said.push({
      ...outcome,
      version: null,
      title: t("Outcome, version {version}", { version: outcome.version }),
      facts: [
        outcome.aggregator,
        t("confidence {share} %", { share: Math.round(100 * outcome.confidence) }),
        moment(outcome.created_at),
      ],
      badge: <Badge tone={outcome.state === "accepted" ? "good" : "plain"}>{outcome.state}</Badge>,
    });
  item.answers.forEach((one, at) => {
    said.push({
      ...one,
      version: one.ontology_version,
      title: one.name ?? t("Answer {number}", { number: at + 1 }),
      facts: [t("{seconds} s of work", { seconds: Math.round(one.seconds) }), moment(one.received_at)],
      badge: one.counts ? (
        <Badge tone="accent">{t("counts")}</Badge>
      ) : (
        <Badge>{one.why ?? t("does not count")}</Badge>
      ),
    });
  });
  for (const one of item.predictions)
    said.push({
      ...one,
      version: null,
      title: `${one.model} ${one.version}`,
      facts: one.score === null ? [] : [t("score {score}", { score: one.score.toFixed(2) })],
      badge: <Badge icon="sparkle">{t("suggestion")}</Badge>,
    });
  return said;
}

interface AnswersProps {
  readonly said: readonly Said[];
  readonly chosen: string | undefined;
  readonly colour: Colour;
  readonly onChoose: (id: string) => void;
}

/** What was said of the item; the chosen one is drawn on it. */
const Answers = ({ said, chosen, colour, onChoose }: AnswersProps) => (
  <section aria-label={t("Answers")}>
    <h3 className="mb-2 font-medium">{t("Answers")}</h3>
    {said.length === 0 && <p className="text-quiet">{t("Nobody has answered yet.")}</p>}
    <ul className="flex flex-col gap-2">
      {said.map(({ id, title, told, facts, badge }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={id === chosen}
            onClick={() => onChoose(id)}
            className="flex w-full flex-col gap-1.5 rounded-lg border border-line bg-raised p-3 text-left hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{title}</span>
              {badge}
            </span>
            <Told told={told} colour={colour} />
            <span className="text-sm text-quiet">{facts.join(" · ")}</span>
          </button>
        </li>
      ))}
    </ul>
  </section>
);

function Facts({ item }: { readonly item: Item }) {
  const { found } = item;
  const payload = item.payload as Readonly<Record<string, unknown>>;
  const rows: (readonly [string, ReactNode])[] = [
    [t("Batch"), item.batch_name || found.batch],
    [t("Released"), moment(item.released_at)],
    [t("Answers"), t("{answered} of {overlap}", { answered: found.answered, overlap: found.overlap })],
    [t("In hand"), found.leased],
    [t("Agreement"), <Share key="agreement" share={found.agreement} of={t("Agreement")} />],
    [t("Dataset"), item.dataset_name ?? t("not known")],
    [t("Task"), <Code key="task" text={found.task} />],
    [t("Item"), <Code key="item" text={found.item} />],
  ];
  if (typeof payload.asset === "string") rows.push([t("Asset"), <Code key="asset" text={payload.asset} />]);
  for (const [key, value] of Object.entries((item.metadata ?? {}) as Record<string, unknown>))
    rows.push([key, typeof value === "string" ? value : JSON.stringify(value)]);
  return (
    <section aria-label={t("What is known")} className="mt-4 rounded-lg border border-line bg-raised p-4">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 sm:grid-cols-[max-content_minmax(0,1fr)_max-content_minmax(0,1fr)]">
        {rows.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-quiet">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const Code = ({ text }: { readonly text: string }) => (
  <code className="block truncate text-sm select-all" title={text}>
    {text}
  </code>
);

/** The data of a project: every task with its item and its answers, filtered on the server, drawn where it is seen. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { dataRoute } from "@/app/router";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { Empty, Notice, Skeleton } from "@/kit/shown";
import { PART, VirtualRows } from "@/kit/virtual_rows";
import { ActionsBar } from "./actions_bar";
import { useChoice } from "./choice";
import { useColours } from "./colours";
import { COLUMNS, LIST_ROW_PIXELS, ListEntry, TILE, TileEntry } from "./entry";
import { type Filter, readFilter } from "./filter";
import { FilterPanel } from "./filter_panel";
import { FilterParts } from "./filter_parts";
import { choicesQuery, type Look, type Project, useLook, useRows } from "./looking";
import { SlicesMenu } from "./slices_menu";

export default function DataPage() {
  const { project: id = "" } = useParams({ strict: false });
  const { data: project } = useQuery(projectQuery(id));
  return project ? <Data project={project} key={id} /> : <Waiting />;
}

/** The filter and the view of the address, and how to change them. */
function useAddress(project: Project) {
  const search = dataRoute.useSearch();
  const navigate = useNavigate();
  const key = JSON.stringify(search.filter ?? null);
  const filter = useMemo(() => readFilter(JSON.parse(key)), [key]);
  const view = search.view ?? (project.modality === "text" ? "list" : "grid");
  const go = (filter: Filter, chosen = search.view) =>
    void navigate({
      to: "/projects/$project/data",
      params: { project: project.id },
      search: { ...(Object.keys(filter).length > 0 && { filter }), ...(chosen && { view: chosen }) },
      replace: true,
    });
  return { filter, view, go };
}

function Data({ project }: { readonly project: Project }) {
  const { filter, view, go } = useAddress(project);
  const look = useLook(project, filter);
  const choices = useQuery(choicesQuery(project));
  const choice = useChoice(project, look.data);
  const names = useMemo(() => {
    const { batches = [], datasets = [], annotators = [] } = choices.data ?? {};
    return new Map([...batches, ...datasets, ...annotators].map(({ value, name }) => [value, name]));
  }, [choices.data]);
  const nameOf = (id: string) => names.get(id) ?? id.slice(0, 12);
  return (
    <div className="flex h-full min-h-0 flex-col lg:flex-row">
      <FilterPanel project={project} filter={filter} choices={choices.data} onChange={go} />
      <section
        aria-label={t("Data")}
        className="flex min-h-0 min-w-0 flex-1 flex-col border-line max-lg:border-t lg:border-l"
      >
        <div className="flex flex-wrap items-center gap-2 px-4 py-2.5">
          <h2 className="sr-only">{t("Data")}</h2>
          <Count look={look.data} />
          <FilterParts filter={filter} nameOf={nameOf} onChange={go} />
          <span className="ml-auto flex items-center gap-2">
            <SlicesMenu project={project} filter={filter} onChange={go} />
            <Segments
              label={t("View")}
              value={view}
              choices={[
                ["list", t("List"), "menu"],
                ["grid", t("Grid"), "layers"],
              ]}
              onChange={(chosen) => go(filter, chosen)}
            />
          </span>
        </div>
        {look.error && (
          <div className="px-4 pb-2">
            <Notice>{problemOf(look.error).message}</Notice>
          </div>
        )}
        <ActionsBar project={project} filter={filter} look={look.data} choice={choice} />
        {look.data ? (
          <List {...{ project, look: look.data, choice, view, filter }} onClear={() => go({})} />
        ) : (
          !look.error && <Skeleton className="m-4 h-full" />
        )}
      </section>
    </div>
  );
}

const Count = ({ look }: { readonly look: Look | undefined }) => (
  <p role="status" className="mr-1 font-medium tabular-nums">
    {look ? t("{count, plural, one {# item} other {# items}}", { count: look.count }) : t("Looking…")}
  </p>
);

interface ListProps {
  readonly project: Project;
  readonly look: Look;
  readonly choice: ReturnType<typeof useChoice>;
  readonly view: "list" | "grid";
  readonly filter: Filter;
  readonly onClear: () => void;
}

function List({ project, look, choice, view, filter, onClear }: ListProps) {
  const navigate = useNavigate();
  const colour = useColours(project);
  const { row, onSeen } = useRows(project, look);
  const draw = useCallback(
    (position: number) => {
      const Entry = view === "list" ? ListEntry : TileEntry;
      return <Entry found={row(position)} colour={colour} />;
    },
    [row, colour, view],
  );
  const [open, setOpen] = useState<number>();
  const onOpen = (position: number) => {
    const found = row(position);
    setOpen(position);
    if (found)
      void navigate({
        to: "/projects/$project/data/$item",
        params: { project: project.id, item: found.task },
      });
  };
  if (look.count === 0) return <Nothing filtered={Object.keys(filter).length > 0} onClear={onClear} />;
  return (
    <VirtualRows
      // Another filter begins at its top; a new look at the same one stays where it is.
      key={`${view} ${JSON.stringify(look.filter)}`}
      label={t("Items")}
      count={look.count}
      draw={draw}
      isChosen={(position) => choice.has(row(position)?.task)}
      onChoose={choice.choose}
      onClear={choice.clear}
      onOpen={onOpen}
      onSeen={onSeen}
      start={open ?? 0}
      className="min-h-0 flex-1"
      {...(view === "list"
        ? { rowPixels: LIST_ROW_PIXELS, rowClassName: COLUMNS, heading: { row: HEADING(), pixels: 32 } }
        : { rowPixels: TILE.height, tilePixels: TILE.width })}
    />
  );
}

const HEADING = () => (
  <div
    {...PART.headings}
    className={`${COLUMNS} h-8 items-center border-b border-line bg-surface text-xs font-medium text-quiet`}
  >
    {(
      [
        [t("Chosen"), "sr-only"],
        [t("Item"), "px-2"],
        [t("Answer"), "px-2"],
        [t("Agreement"), "hidden px-2 text-right md:block"],
        [t("Confidence"), "hidden px-2 text-right md:block"],
        [t("Answers"), "hidden px-2 text-right md:block"],
        [t("State"), "px-2"],
      ] as const
    ).map(([words, look], at) => (
      <div key={words} {...PART.heading} className={at === 0 ? "" : look}>
        {at === 0 ? <span className="sr-only">{words}</span> : words}
      </div>
    ))}
  </div>
);

interface NothingProps {
  readonly filtered: boolean;
  readonly onClear: () => void;
}

const Nothing = ({ filtered, onClear }: NothingProps) =>
  filtered ? (
    <Empty
      icon="search"
      title={t("Nothing matches")}
      action={<Button onClick={onClear}>{t("Clear filters")}</Button>}
    >
      {t("No item has all that is asked for. Take a filter away, or choose more of its values.")}
    </Empty>
  ) : (
    <Empty icon="box" title={t("No data yet")}>
      {t("Import items under Files: what was released as tasks stands here, with every answer it gets.")}
    </Empty>
  );

/** My projects: what waits for me in each, and one key to begin. */

import { Link, useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { problemOf } from "@/api/client";
import { useCommands } from "@/app/commands";
import { useMe } from "@/app/session";
import { counted as shown, t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { Notice, Skeleton } from "@/kit/shown";
import { ProjectCard, ToPages } from "./card";
import { type Card, type Cards, COUNTED, neighbour, useCards } from "./cards";
import { NoProject } from "./empty";

const DIGITS = 9;

export default function ProjectsPage() {
  const found = useCards();
  const { member } = useMe();
  const manages = member.role === "owner" || member.role === "manager";
  useDigits(found.cards);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 sm:py-8">
      <Heading cards={found.cards} manages={manages} loading={found.loading} />
      <Body found={found} manages={manages} />
    </div>
  );
}

/** The digits open the first nine projects; Enter the one that has the focus, else the first. */
function useDigits(cards: readonly Card[]) {
  const navigate = useNavigate();
  const begin = (project: Card["project"]) => () =>
    void navigate({ to: "/projects/$project/annotate", params: { project: project.id } });
  const active = cards.slice(0, DIGITS).filter(({ project }) => project.state === "active");
  const digits = active.map(({ project }, at) => ({
    id: `project-${at + 1}`,
    title: t("Label in {name}", { name: project.name }),
    scope: "page" as const,
    keys: [String(at + 1)],
    run: begin(project),
  }));
  const [first] = active;
  const enter = first && {
    id: "project-first",
    title: t("Begin with the first project"),
    scope: "page" as const,
    keys: ["enter"],
    // Whatever has the focus knows what Enter means there.
    enabled: () => document.activeElement === document.body,
    run: begin(first.project),
  };
  useCommands(enter ? [...digits, enter] : digits);
}

interface HeadingProps {
  readonly cards: readonly Card[];
  readonly manages: boolean;
  readonly loading: boolean;
}

function Heading({ cards, manages, loading }: HeadingProps) {
  return (
    <header className="mb-5 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="w-full min-w-0 sm:w-auto sm:flex-1">
        <h1 className="text-xl font-semibold tracking-tight">{t("My projects")}</h1>
        <p className="mt-0.5 min-h-5 text-quiet">
          {!loading && cards.length > 0 && <Summary cards={cards} />}
        </p>
      </div>
      {manages && (
        <div className="flex gap-2">
          <Link to="/organisation" className={buttonClasses()}>
            <Icon name="people" />
            {t("People")}
          </Link>
          <Link to="/new" className={buttonClasses("primary")}>
            <Icon name="add" />
            {t("New project")}
          </Link>
        </div>
      )}
    </header>
  );
}

function Summary({ cards }: { readonly cards: readonly Card[] }) {
  const sum = (count: (card: Card) => number | undefined) =>
    cards.reduce((total, card) => total + (count(card) ?? 0), 0);
  const waiting = sum(({ waiting }) => waiting?.open);
  const counted = cards.every(({ waiting }) => (waiting?.open ?? 0) < COUNTED);
  const begun = sum(({ waiting }) => waiting?.mine_leased);
  if (begun > 0)
    return t("{begun, plural, one {# task is} other {# tasks are}} begun; Enter goes on where you were.", {
      begun,
    });
  if (!counted)
    return t("More than {count} tasks wait for you; Enter begins with the first.", { count: shown(waiting) });
  if (waiting > 0)
    return t(
      "{waiting, plural, one {# task waits} other {# tasks wait}} for you; Enter begins with the first.",
      {
        waiting,
      },
    );
  return t("Nothing waits for you now.");
}

function Body({ found, manages }: { readonly found: Cards; readonly manages: boolean }) {
  if (found.loading) return <Loading />;
  if (found.error && found.cards.length === 0)
    return (
      <Notice>
        {problemOf(found.error).message}{" "}
        <button type="button" onClick={found.again} className="font-medium underline underline-offset-2">
          {t("Try again")}
        </button>
      </Notice>
    );
  if (found.cards.length === 0) return <NoProject manages={manages} />;
  return <Grid cards={found.cards} settled={found.settled} />;
}

const Loading = () => (
  <div role="status" aria-label={t("Loading…")} className={GRID}>
    {["one", "two", "three"].map((name) => (
      <Skeleton key={name} className="h-40" />
    ))}
  </div>
);

const GRID = "grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-3";

/** The cards; arrows move between them as they lie on the screen. */
function Grid({ cards, settled }: { readonly cards: readonly Card[]; readonly settled: boolean }) {
  const grid = useRef<HTMLUListElement>(null);
  const move = (event: KeyboardEvent) => {
    const links = [...(grid.current?.querySelectorAll<HTMLElement>("a[data-card]") ?? [])];
    const at = links.findIndex((link) => link.matches(":focus"));
    if (at < 0) return;
    const top = links[0]?.getBoundingClientRect().top;
    const columns = links.filter((link) => link.getBoundingClientRect().top === top).length;
    const to = neighbour(event.key, at, links.length, Math.max(1, columns));
    if (to === at) return;
    event.preventDefault();
    links[to]?.focus();
  };
  return (
    <>
      <ul ref={grid} onKeyDown={move} className={GRID}>
        {cards.map((card, at) => (
          <li key={card.project.id} className="flex flex-col">
            <ProjectCard
              card={card}
              digit={at < DIGITS && card.project.state === "active" ? at + 1 : null}
              first={settled && at === 0}
            />
            <ToPages card={card} />
          </li>
        ))}
      </ul>
      <p className="mt-5 hidden flex-wrap items-center gap-x-4 gap-y-2 text-sm text-quiet sm:flex">
        <Told keys={["←", "→"]}>{t("move")}</Told>
        <Told keys={["Enter"]}>{t("begin")}</Told>
        <Told keys={["1", "…", "9"]}>{t("begin at once")}</Told>
        <Told keys={["?"]}>{t("all keys")}</Told>
      </p>
    </>
  );
}

const Told = ({ keys, children }: { readonly keys: readonly string[]; readonly children: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <Kbd keys={keys} />
    {children}
  </span>
);

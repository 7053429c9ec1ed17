/** The labels of a template, edited in place: name, colour, key and what they mean. */

import { type KeyboardEvent, useRef } from "react";
import { t } from "@/app/words";
import { signsOf } from "@/engine/document/colours";
import { keysOf } from "@/engine/document/labels";
import type { Label } from "@/engine/document/values";
import { Button, IconButton } from "@/kit/button";
import { Input } from "@/kit/field";
import { type Plan, placeOf, type Wrong } from "./plan";
import { type Entry, emptyEntry, type Group } from "./template";

export interface EntriesProps {
  readonly plan: Plan;
  readonly group: Group;
  /** The entries of the group, each with its place among all. */
  readonly mine: readonly (readonly [Entry, number])[];
  readonly wrong: Wrong;
}

export function Entries({ plan, group, mine, wrong }: EntriesProps) {
  const list = useRef<HTMLUListElement>(null);
  const set = (entries: readonly Entry[]) =>
    plan.change({
      template: plan.template.id,
      entries: { ...plan.draft.entries, [plan.template.id]: entries },
    });
  const change = (at: number, some: Partial<Entry>) =>
    set(plan.entries.map((one, place) => (place === at ? { ...one, ...some } : one)));
  const focus = (row: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>("[data-name]")[row]?.focus());
  const add = () => {
    const last = mine.at(-1)?.[1] ?? plan.entries.length - 1;
    set(plan.entries.toSpliced(last + 1, 0, emptyEntry(group)));
    focus(mine.length);
  };
  const remove = (at: number, row: number) => {
    set(plan.entries.toSpliced(at, 1));
    focus(Math.min(row, mine.length - 2));
  };
  const move = (row: number, by: number) => {
    const [from, to] = [mine[row]?.[1], mine[row + by]?.[1]];
    const moved = from === undefined ? undefined : plan.entries[from];
    if (from === undefined || to === undefined || !moved) return;
    set(plan.entries.toSpliced(from, 1).toSpliced(to, 0, moved));
    focus(row + by);
  };
  // Enter goes on to the next one, and past the last to a new one: labels are typed in a go.
  const typed = (event: KeyboardEvent, row: number) => {
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
    }
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (row + 1 < mine.length) focus(row + 1);
    else add();
  };
  const missing = wrong[`/${group.title}`];
  return (
    <section aria-label={group.title}>
      <div className="mb-2 flex items-baseline gap-3">
        <h3 className="text-sm font-medium">{group.title}</h3>
        <p className="hidden text-sm text-quiet sm:block">
          {t("Enter goes on to the next; Alt and an arrow moves one.")}
        </p>
      </div>
      <ul ref={list} className="flex flex-col gap-2">
        {mine.map(([one, at], row) => (
          <li key={one.id}>
            <Line
              entry={one}
              group={group}
              plan={plan}
              at={at}
              wrong={wrong}
              change={(some) => change(at, some)}
              typed={(event) => typed(event, row)}
              remove={() => remove(at, row)}
            />
          </li>
        ))}
      </ul>
      {missing && <p className="mt-1 text-sm text-bad">{missing}</p>}
      <Button icon="add" size="sm" className="mt-2" aria-invalid={missing ? true : undefined} onClick={add}>
        {group.add}
      </Button>
    </section>
  );
}

/** The labels as those who label will see them: with colours and keys. */
const labelsOf = (plan: Plan): readonly Label[] =>
  plan.entries.map(({ id, colour, hotkey }) => ({
    name: id,
    ...(colour && { colour }),
    ...(hotkey && { hotkey }),
  }));

interface LineProps {
  readonly entry: Entry;
  readonly group: Group;
  readonly plan: Plan;
  readonly at: number;
  readonly wrong: Wrong;
  readonly change: (change: Partial<Entry>) => void;
  readonly typed: (event: KeyboardEvent) => void;
  readonly remove: () => void;
}

function Line({ entry, group, plan, at, wrong, change, typed, remove }: LineProps) {
  const place = placeOf(plan, at);
  // Fields of the definition, as the server names them, and as the editor does.
  const error = (...names: readonly string[]) =>
    Object.entries(wrong).find(([path]) => names.some((name) => path.startsWith(`${place}/${name}`)))?.[1];
  const errors = [
    error("name"),
    error("hotkey"),
    error("colour"),
    error("description", "more", "scale", "choices"),
  ];
  const called = entry.name || t("without a name");
  const invalid = (found: string | undefined) => (found ? ({ "aria-invalid": true } as const) : {});
  return (
    <div className="rounded-md border border-line bg-raised p-2">
      <div className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
        {group.signed && <Colour entry={entry} plan={plan} called={called} change={change} />}
        <Input
          data-name
          aria-label={t("Name of {title} {number}", { title: group.title, number: at + 1 })}
          value={entry.name}
          placeholder={t("Name")}
          className="min-w-32 flex-1"
          onKeyDown={typed}
          onChange={(event) => change({ name: event.target.value })}
          {...invalid(errors[0])}
        />
        {group.signed && <Key entry={entry} plan={plan} called={called} change={change} wrong={errors[1]} />}
        <Input
          aria-label={t("{more} of {name}", { more: group.more, name: called })}
          value={entry.more}
          placeholder={group.moreHint}
          title={group.moreHint}
          className="min-w-40 flex-[2]"
          onChange={(event) => change({ more: event.target.value })}
          {...invalid(errors[3])}
        />
        <IconButton icon="trash" size="sm" label={t("Remove {name}", { name: called })} onClick={remove} />
      </div>
      {errors.map(
        (found) =>
          found && (
            <p key={found} className="mt-1 text-sm text-bad">
              {found}
            </p>
          ),
      )}
    </div>
  );
}

interface SignProps {
  readonly entry: Entry;
  readonly plan: Plan;
  readonly called: string;
  readonly change: (change: Partial<Entry>) => void;
}

const Colour = ({ entry, plan, called, change }: SignProps) => (
  <input
    type="color"
    aria-label={t("Colour of {name}", { name: called })}
    value={signsOf(labelsOf(plan))(entry.id).colour}
    onChange={(event) => change({ colour: event.target.value })}
    className="size-9 shrink-0 cursor-pointer rounded-md border border-line bg-raised p-1"
  />
);

/** The key that picks it: one character; without one it is the digit of its place. */
function Key({ entry, plan, called, change, wrong }: SignProps & { readonly wrong: string | undefined }) {
  const [given] = keysOf(labelsOf(plan)).get(entry.id) ?? [];
  return (
    <Input
      aria-label={t("Key of {name}", { name: called })}
      title={t("The key that picks it")}
      value={entry.hotkey}
      placeholder={given ?? ""}
      className="w-12! shrink-0 text-center font-mono"
      onChange={(event) => change({ hotkey: (Array.from(event.target.value).at(-1) ?? "").trim() })}
      {...(wrong ? { "aria-invalid": true } : {})}
    />
  );
}

/** Which tasks are shown: state, batch, who holds them, or one by its item's key; kept in the address. */

import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { workRoute } from "@/app/router";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Input, Select } from "@/kit/field";
import { Icon } from "@/kit/icon";
import type { OnProject } from "../people/queries";
import { ANYBODY, type Batch, type Project, type TaskState } from "./queries";
import { stateWord } from "./told";

const STATES: readonly TaskState[] = ["open", "paused", "done", "cancelled", "gold"];

export interface TaskFiltersProps {
  readonly project: Project;
  readonly batches: readonly Batch[];
  readonly people: readonly OnProject[];
}

export function TaskFilters({ project, batches, people }: TaskFiltersProps) {
  const { view: _view, ...filter } = workRoute.useSearch();
  const navigate = useNavigate();
  const put = (change: Readonly<Record<string, string>>) => {
    const set = Object.entries({ ...filter, ...change }).filter(([, value]) => value !== "");
    void navigate({
      to: "/projects/$project/work",
      params: { project: project.id },
      search: { view: "tasks", ...Object.fromEntries(set) },
      replace: true,
    });
  };
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    put({ unique_id: String(new FormData(event.currentTarget).get("unique_id") ?? "").trim() });
  };
  return (
    <search aria-label={t("Filter")} className="flex flex-wrap items-center gap-2">
      <Choice
        label={t("State")}
        value={filter.state}
        all={t("Every state")}
        onChange={(state) => put({ state })}
      >
        {STATES.map((one) => [one, stateWord(one)] as const)}
      </Choice>
      <Choice
        label={t("Batch")}
        value={filter.batch}
        all={t("Every batch")}
        onChange={(batch) => put({ batch })}
      >
        {batches.map(({ id, name }) => [id, name] as const)}
      </Choice>
      <Choice
        label={t("Held by")}
        value={filter.holder}
        all={t("Held or not")}
        onChange={(holder) => put({ holder })}
      >
        {[
          [ANYBODY, t("Held by anybody")] as const,
          ...people.map(({ member, name }) => [member, t("Held by {name}", { name })] as const),
        ]}
      </Choice>
      <form onSubmit={find} className="relative">
        <Icon name="search" className="absolute top-2.5 left-2.5 text-quiet" />
        <Input
          key={filter.unique_id}
          name="unique_id"
          aria-label={t("The item's key")}
          placeholder={t("The item's key")}
          defaultValue={filter.unique_id}
          className="w-48! pl-8!"
        />
      </form>
      {Object.keys(filter).length > 0 && (
        <Button look="ghost" onClick={() => put({ state: "", batch: "", holder: "", unique_id: "" })}>
          {t("Show all")}
        </Button>
      )}
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly all: string;
  readonly onChange: (value: string) => void;
  readonly children: readonly (readonly [value: string, words: string])[];
}

const Choice = ({ label, value = "", all, onChange, children }: ChoiceProps) => (
  <Select
    aria-label={label}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    className="w-40"
  >
    <option value="">{all}</option>
    {children.map(([one, words]) => (
      <option key={one} value={one}>
        {words}
      </option>
    ))}
  </Select>
);

/** Filters that the team keeps under a name: opened, saved, given the filter of now, removed. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answered, type ModalityShape, modality, problemOf } from "@/api/client";
import { queryClient } from "@/app/query";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, Input } from "@/kit/field";
import { Menu, MenuItem } from "@/kit/menu";
import { notify, notifyDone } from "@/kit/toast";
import { type Filter, readFilter } from "./filter";
import type { Project } from "./looking";

export type Slice = Pick<ModalityShape<"SliceView">, "id" | "name"> & { readonly filter: unknown };

const SLICES_ROWS = 500;

export const slicesQuery = ({ id, modality: name }: Project) =>
  queryOptions({
    queryKey: ["slices", id],
    queryFn: async () => {
      const query = { project: id, limit: SLICES_ROWS };
      return (await answered(modality(name).GET("/slices", { params: { query } }))).items;
    },
  });

export interface SlicesMenuProps {
  readonly project: Project;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

export function SlicesMenu({ project, filter, onChange }: SlicesMenuProps) {
  const { data: slices = [] } = useQuery(slicesQuery(project));
  const [naming, setNaming] = useState(false);
  const open = slices.find((one) => same(readFilter(one.filter), filter));
  const asksNothing = Object.keys(filter).length === 0;
  return (
    <>
      <Menu
        trigger={
          <Button icon="layers" aria-label={t("Slices")}>
            <span className="max-w-40 truncate">{open?.name ?? t("Slices")}</span>
          </Button>
        }
      >
        {slices.length === 0 && (
          <p className="max-w-64 px-2 py-1.5 text-sm text-quiet">
            {t("A slice is a filter under a name, shared with the team. Filter first, then save it here.")}
          </p>
        )}
        {slices.map((one) => (
          <MenuItem key={one.id} onSelect={() => onChange(readFilter(one.filter))}>
            {one.name}
          </MenuItem>
        ))}
        <MenuItem icon="add" disabled={asksNothing || open !== undefined} onSelect={() => setNaming(true)}>
          {t("Save this filter…")}
        </MenuItem>
        {open && (
          <MenuItem icon="trash" onSelect={() => void remove(project, open)}>
            {t("Remove “{name}”", { name: open.name })}
          </MenuItem>
        )}
      </Menu>
      {naming && <Naming project={project} filter={filter} onDone={() => setNaming(false)} />}
    </>
  );
}

const same = (one: Filter, other: Filter): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

const save = (project: Project, name: string, filter: Filter) =>
  answered(modality(project.modality).POST("/slices", { body: { project: project.id, name, filter } }));

async function remove(project: Project, slice: Slice) {
  try {
    const path = { slice_id: slice.id };
    await answered(modality(project.modality).DELETE("/slices/{slice_id}", { params: { path } }));
    await queryClient.invalidateQueries(slicesQuery(project));
    notifyDone(t("“{name}” was removed", { name: slice.name }), () => {
      void save(project, slice.name, readFilter(slice.filter)).then(() =>
        queryClient.invalidateQueries(slicesQuery(project)),
      );
    });
  } catch (error) {
    notify({ title: problemOf(error).message, tone: "bad" });
  }
}

interface NamingProps {
  readonly project: Project;
  readonly filter: Filter;
  readonly onDone: () => void;
}

function Naming({ project, filter, onDone }: NamingProps) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "");
    setBusy(true);
    try {
      await save(project, name, filter);
      await queryClient.invalidateQueries(slicesQuery(project));
      onDone();
      notify({ title: t("“{name}” was saved", { name: name.trim() }), tone: "good" });
    } catch (error) {
      setProblem(problemOf(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onDone}
      title={t("Save this filter")}
      description={t("Everybody who sees the project's data finds it under this name.")}
      actions={
        <Button look="primary" type="submit" form="slice-name" busy={busy}>
          {t("Save")}
        </Button>
      }
    >
      <form id="slice-name" onSubmit={submit}>
        <Field label={t("Name")} error={problem}>
          {(links) => <Input {...links} name="name" autoComplete="off" required maxLength={200} />}
        </Field>
      </form>
    </Dialog>
  );
}

/** One label: its name and looks, where it stands, the tools it is used with, and what is asked about its marks. */

import { useState } from "react";
import { toolTitle } from "@/annotate/label_palette";
import { colourOf } from "@/annotate/labels";
import { t } from "@/app/words";
import type { Label } from "@/engine/document/values";
import { IconButton } from "@/kit/button";
import { Field, Select } from "@/kit/field";
import { Menu, MenuItem, MenuLine } from "@/kit/menu";
import { Notice } from "@/kit/shown";
import { EDITORS } from "@/surfaces/registry";
import { Attributes } from "./attributes";
import { type Chosen, RetiredBadge } from "./chosen";
import { MergeDialog } from "./merge_dialog";
import { Settled } from "./settled";
import { SplitDialog } from "./split_dialog";
import type { Step } from "./steps";
import type { Editor } from "./use_editing";

export interface LabelFormProps {
  readonly editor: Editor;
  readonly label: Label;
  readonly choose: (chosen: Chosen) => void;
}

export function LabelForm({ editor, label, choose }: LabelFormProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const edit = (...steps: Step[]) => {
    const why = editor.edit(steps);
    setRefused(why);
    return why;
  };
  const rename = (to: string) => {
    const why = editor.edit([{ step: "rename_label", label: label.name, to: to.trim() }]);
    if (why === null) choose({ label: to.trim() });
    return why;
  };
  const describe = (field: "description" | "hotkey") => (text: string) =>
    editor.edit([{ step: "describe_label", label: label.name, [field]: text.trim() || null }]);
  return (
    <section aria-label={t("Label {name}", { name: label.name })} className="flex flex-col gap-5 p-4">
      <Heading {...{ editor, label, choose, edit }} />
      {refused && <Notice>{refused}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <Settled label={t("Name")} value={label.name} settle={rename} maxLength={200} />
        <div className="grid grid-cols-[minmax(0,1fr)_5rem] gap-3">
          <Colour {...{ editor, label, edit }} />
          <Settled
            label={t("Key")}
            value={label.hotkey ?? ""}
            settle={(text) => hotkeyProblem(editor, label, text.trim()) ?? describe("hotkey")(text)}
            maxLength={1}
          />
        </div>
        <div className="sm:col-span-2">
          <Settled
            long
            label={t("Description")}
            value={label.description ?? ""}
            settle={describe("description")}
            placeholder={t("What it is for, and what it is not for")}
          />
        </div>
        <Parent {...{ editor, label, edit }} />
        <Tools {...{ editor, label, edit }} />
      </div>
      <Attributes editor={editor} label={label} />
    </section>
  );
}

/** A key picks one label among those on offer. */
function hotkeyProblem({ definition }: Editor, label: Label, key: string): string | null {
  const owner = definition.labels?.find((one) => one !== label && !one.retired && one.hotkey === key);
  return key && owner ? t("{key} picks {label} already.", { key, label: owner.name }) : null;
}

interface PartProps {
  readonly editor: Editor;
  readonly label: Label;
  readonly edit: (...steps: Step[]) => string | null;
}

function Heading({ editor, label, choose, edit }: PartProps & Pick<LabelFormProps, "choose">) {
  const [open, setOpen] = useState<"merge" | "split" | null>(null);
  const { name, parent, retired } = label;
  const labels = editor.definition.labels ?? [];
  const siblings = labels.filter((one) => one.parent === parent);
  const place = siblings.indexOf(label);
  const moveTo = (other: number) => {
    const at = labels.indexOf(siblings[other] ?? label);
    edit({ step: "move_label", label: name, parent: parent ?? null, at });
  };
  return (
    <header className="flex items-center gap-2">
      <h3 className="min-w-0 flex-1 truncate text-lg font-semibold">{name}</h3>
      {retired && <RetiredBadge />}
      <IconButton
        icon="chevronUp"
        label={t("Move up")}
        disabled={place <= 0}
        onClick={() => moveTo(place - 1)}
      />
      <IconButton
        icon="chevronDown"
        label={t("Move down")}
        disabled={place === siblings.length - 1}
        onClick={() => moveTo(place + 1)}
      />
      <Menu trigger={<IconButton icon="more" label={t("More about this label")} />}>
        <MenuItem icon="link" disabled={labels.length < 2} onSelect={() => setOpen("merge")}>
          {t("Merge into another…")}
        </MenuItem>
        <MenuItem icon="relation" onSelect={() => setOpen("split")}>
          {t("Split…")}
        </MenuItem>
        <MenuItem
          icon={retired ? "eye" : "eyeClosed"}
          onSelect={() => edit({ step: retired ? "restore_label" : "retire_label", label: name })}
        >
          {retired ? t("Offer again") : t("Retire: its marks stay")}
        </MenuItem>
        <MenuLine />
        <MenuItem icon="trash" onSelect={() => edit({ step: "remove_label", label: name })}>
          {t("Remove, with its marks")}
        </MenuItem>
      </Menu>
      {open === "merge" && <MergeDialog {...{ editor, label, choose }} close={() => setOpen(null)} />}
      {open === "split" && <SplitDialog {...{ editor, label, choose }} close={() => setOpen(null)} />}
    </header>
  );
}

function Colour({ editor, label, edit }: PartProps) {
  const change = (colour: string | null) => edit({ step: "describe_label", label: label.name, colour });
  return (
    <Field label={t("Colour")}>
      {(links) => (
        <div className="flex items-center gap-1">
          <input
            {...links}
            type="color"
            value={colourOf(editor.definition, label.name)}
            onChange={(event) => change(event.target.value)}
            className="h-9 w-full min-w-0 cursor-pointer rounded-md border border-line bg-raised p-1 hover:border-line-strong"
          />
          {label.colour && (
            <IconButton icon="close" size="sm" label={t("The usual colour")} onClick={() => change(null)} />
          )}
        </div>
      )}
    </Field>
  );
}

function Parent({ editor, label, edit }: PartProps) {
  const labels = editor.definition.labels ?? [];
  const below = new Set([label.name]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const one of labels) if (one.parent && below.has(one.parent)) below.add(one.name);
  }
  return (
    <Field label={t("Below")} hint={t("A label may stand below another one.")}>
      {(links) => (
        <Select
          {...links}
          className="w-full"
          value={label.parent ?? ""}
          onChange={(event) =>
            edit({ step: "move_label", label: label.name, parent: event.target.value || null })
          }
        >
          <option value="">{t("no other label")}</option>
          {labels
            .filter(({ name }) => !below.has(name))
            .map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
        </Select>
      )}
    </Field>
  );
}

function Tools({ editor, label, edit }: PartProps) {
  const labelled = new Set(EDITORS.filter((one) => one.labelled).map(({ tool }) => tool));
  const tools = Object.keys(editor.definition.tools).filter((tool) => labelled.has(tool));
  const own = label.tools ?? [];
  const chosen = new Set(own.length ? own : tools);
  const toggle = (tool: string) => {
    const next = tools.filter((one) => (one === tool ? !chosen.has(one) : chosen.has(one)));
    if (next.length === 0) return;
    const all = next.length === tools.length;
    edit({ step: "change_shapes", label: label.name, tools: all ? [] : next });
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">{t("Used with")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {tools.map((tool) => (
          <label key={tool} className="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={chosen.has(tool)}
              onChange={() => toggle(tool)}
            />
            {toolTitle(tool)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

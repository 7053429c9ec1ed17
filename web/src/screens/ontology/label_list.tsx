/** The labels as a tree and the tools below them, each a line that chooses it, and where new ones are made. */

import { type FormEvent, type KeyboardEvent, useState } from "react";
import { toolTitle } from "@/annotate/label_palette";
import { colourOf } from "@/annotate/labels";
import { t } from "@/app/words";
import { branchesOf } from "@/engine/document/labels";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Input } from "@/kit/field";
import { Icon } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { Menu, MenuItem } from "@/kit/menu";
import { EDITORS } from "@/surfaces/registry";
import { type Chosen, RetiredBadge } from "./chosen";
import type { Project } from "./queries";
import type { Editor } from "./use_editing";

export interface LabelListProps {
  readonly project: Project;
  readonly editor: Editor;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
}

const LINE =
  "flex w-full items-center gap-2 rounded-md py-1.5 pr-2 text-left hover:bg-hover aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent-ink";
/** How far a label stands in, by the labels above it. */
const DEPTHS = ["pl-2", "pl-6", "pl-10", "pl-14", "pl-18"];

export function LabelList(props: LabelListProps) {
  const { editor, chosen, choose } = props;
  const { definition } = editor;
  return (
    <nav
      aria-label={t("Labels and tools")}
      className="flex flex-col gap-3 rounded-lg border border-line bg-raised p-2 shadow-card md:sticky md:top-4"
    >
      <h3 className="px-2 pt-1 text-xs font-medium text-quiet">{t("Labels")}</h3>
      <ul aria-label={t("Labels")} onKeyDown={walk} className="-mt-2 flex flex-col gap-0.5">
        {branchesOf(definition.labels ?? []).map(({ label, depth }) => (
          <li key={label.name}>
            <button
              type="button"
              aria-current={chosen.label === label.name}
              onClick={() => choose({ label: label.name })}
              className={classes(LINE, DEPTHS[Math.min(depth, DEPTHS.length - 1)])}
            >
              <svg width="12" height="12" aria-hidden="true" className="shrink-0">
                <rect width="12" height="12" rx="3" fill={colourOf(definition, label.name)} />
              </svg>
              <span
                className={classes("min-w-0 flex-1 truncate", label.retired && "text-quiet line-through")}
              >
                {label.name}
              </span>
              {label.retired ? <RetiredBadge /> : label.hotkey && <Kbd keys={[label.hotkey]} />}
            </button>
          </li>
        ))}
      </ul>
      <NewLabel {...props} />
      <Tools {...props} />
    </nav>
  );
}

/** Up and Down go from line to line. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const lines = [...event.currentTarget.querySelectorAll("button")];
  const now = lines.indexOf(event.target as HTMLButtonElement);
  const next = lines[now + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

function NewLabel({ editor, choose }: LabelListProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (!wanted) return;
    const refused = editor.edit([{ step: "add_label", label: { name: wanted } }]);
    setError(refused);
    if (refused) return;
    setName("");
    choose({ label: wanted });
  };
  return (
    <form onSubmit={add} data-new-label className="flex flex-col gap-1 px-1" noValidate>
      <div className="flex gap-1">
        <Input
          aria-label={t("New label")}
          aria-invalid={error ? true : undefined}
          placeholder={t("New label")}
          autoComplete="off"
          className="h-8!"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <IconButton type="submit" icon="add" label={t("Add the label")} look="plain" />
      </div>
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </form>
  );
}

function Tools({ project, editor, chosen, choose }: LabelListProps) {
  const { definition } = editor;
  const others = EDITORS.filter(
    ({ tool, modality }) =>
      !(tool in definition.tools) && (modality === "any" || modality === project.modality),
  );
  const add = (tool: string) => {
    if (editor.edit([{ step: "add_tool", tool, settings: {} }]) === null) choose({ tool });
  };
  return (
    <>
      <div className="flex items-center border-t border-line px-2 pt-2">
        <h3 className="flex-1 text-xs font-medium text-quiet">{t("Tools")}</h3>
        <Menu
          trigger={<IconButton icon="add" size="sm" label={t("Add a tool")} disabled={others.length === 0} />}
        >
          {others.map(({ tool }) => (
            <MenuItem key={tool} onSelect={() => add(tool)}>
              {toolTitle(tool)}
            </MenuItem>
          ))}
        </Menu>
      </div>
      <ul aria-label={t("Tools")} onKeyDown={walk} className="-mt-2 flex flex-col gap-0.5">
        {Object.keys(definition.tools).map((tool) => (
          <li key={tool}>
            <button
              type="button"
              aria-current={chosen.tool === tool}
              onClick={() => choose({ tool })}
              className={classes(LINE, "pl-2")}
            >
              <Icon name="pencil" className="text-quiet" />
              <span className="min-w-0 flex-1 truncate">{toolTitle(tool)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The palette: everything that can be done or gone to, found by typing a few of its letters. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { shownKeys } from "@/engine/hotkeys/chord";
import { classes } from "@/kit/classes";
import { Dialog } from "@/kit/dialog";
import { Icon, type IconName } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { useRegistered } from "./commands";
import { registry } from "./hotkeys";
import { pagesOf } from "./pages";
import { projectsQuery } from "./query";
import { isAtLeast } from "./role";
import { found } from "./search";
import { useMe } from "./session";
import { t } from "./words";

interface Line {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly icon: IconName;
  readonly keys: readonly string[];
  readonly run: () => void;
}

const SHOWN_MAX = 60;

/** Return all lines: commands that can run now, projects to label, pages. */
function useLines(): readonly Line[] {
  const navigate = useNavigate();
  const me = useMe();
  const projects = useQuery(projectsQuery).data ?? [];
  const commands = useRegistered().filter(({ id, enabled }) => id !== "palette" && enabled?.() !== false);
  return [
    ...commands.map((command): Line => {
      const [key] = registry.keysOf(command);
      const { id, title, run } = command;
      return {
        id,
        title,
        group: t("Do"),
        icon: "command",
        keys: key ? shownKeys(key) : [],
        run: () => run(),
      };
    }),
    ...projects.map(
      ({ id, name }): Line => ({
        id,
        title: name,
        group: t("Label"),
        icon: "folder",
        keys: [],
        run: () => void navigate({ to: "/projects/$project/annotate", params: { project: id } }),
      }),
    ),
    ...projects
      .filter(({ id }) => isAtLeast(me, id, "reviewer"))
      .map(
        ({ id, name }): Line => ({
          id: `record ${id}`,
          title: name,
          group: t("Record"),
          icon: "layers",
          keys: [],
          run: () => void navigate({ to: "/projects/$project/record", params: { project: id } }),
        }),
      ),
    ...(
      [
        ["/", t("My projects")],
        ["/settings", t("Settings")],
        ...pagesOf(me.member.role).map(({ to, words }) => [to, words] as const),
      ] as const
    ).map(
      ([to, title]): Line => ({
        id: to,
        title,
        group: t("Go to"),
        icon: "arrowRight",
        keys: [],
        run: () => void navigate({ to }),
      }),
    ),
  ];
}

export interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export const Palette = ({ open, onOpenChange }: PaletteProps) => (
  <Dialog bare open={open} onOpenChange={onOpenChange} title={t("Search")}>
    <Search close={() => onOpenChange(false)} />
  </Dialog>
);

function Search({ close }: { readonly close: () => void }) {
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const id = useId();
  const lines = found(useLines(), typed, ({ title, group }) => `${title} ${group}`).slice(0, SHOWN_MAX);
  const chosen = Math.min(place, lines.length - 1);
  const choose = (line: Line | undefined) => {
    if (!line) return;
    close();
    // After the dialog has given the focus back: the command acts on the page as it was.
    setTimeout(line.run);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setPlace((chosen + step + lines.length) % Math.max(1, lines.length));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) choose(lines[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="flex max-h-[60vh] flex-col">
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Icon name="search" className="text-quiet" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-lines`}
          aria-activedescendant={lines[chosen] ? `${id}-${chosen}` : undefined}
          aria-label={t("Search for a command, a project or a page")}
          placeholder={t("Search for a command, a project or a page")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setPlace(0);
          }}
          onKeyDown={press}
          className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none"
        />
        <Kbd keys={["Esc"]} />
      </div>
      <div
        id={`${id}-lines`}
        role="listbox"
        aria-label={t("Found")}
        className="min-h-0 overflow-y-auto p-1.5"
      >
        {lines.map((line, at) => (
          <Found
            key={line.id}
            id={`${id}-${at}`}
            line={line}
            chosen={at === chosen}
            onPoint={() => setPlace(at)}
            onChoose={() => choose(line)}
          />
        ))}
        {lines.length === 0 && (
          <p className="px-3 py-6 text-center text-quiet">{t("Nothing is called like that.")}</p>
        )}
      </div>
    </div>
  );
}

interface FoundProps {
  readonly id: string;
  readonly line: Line;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function Found({ id, line, chosen, onPoint, onChoose }: FoundProps) {
  const show = (element: HTMLElement | null) => chosen && element?.scrollIntoView?.({ block: "nearest" });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
    <div
      ref={(element) => void show(element)}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      onClick={onChoose}
      onMouseMove={onPoint}
      className={classes("flex h-9 items-center gap-2.5 rounded-md px-2.5", chosen && "bg-accent-soft")}
    >
      <Icon name={line.icon} className={chosen ? "text-accent-ink" : "text-quiet"} />
      <span className="min-w-0 flex-1 truncate">{line.title}</span>
      <Kbd keys={line.keys} />
      <span className="text-sm text-quiet">{line.group}</span>
    </div>
  );
}

/** The keys of every command: a preset to begin with, each taught anew by pressing it, conflicts shown at once. */

import { useState } from "react";
import { type OwnKeys, ownKeys } from "@/app/hotkeys";
import { usePersisted } from "@/app/persisted";
import { found } from "@/app/search";
import { seen } from "@/app/seen";
import { t } from "@/app/words";
import { isPreset } from "@/engine/hotkeys/catalogue";
import { shownKeys } from "@/engine/hotkeys/chord";
import { Button, IconButton } from "@/kit/button";
import { Segments } from "@/kit/choices";
import { classes } from "@/kit/classes";
import { Input } from "@/kit/field";
import { Icon } from "@/kit/icon";
import { Kbd } from "@/kit/kbd";
import { type Row, reset, rows, taught, withKey, withoutKey } from "./keymap";
import { Line } from "./looks";

export function Keys() {
  const [own, setOwn] = usePersisted(ownKeys);
  const [typed, setTyped] = useState("");
  const [met] = usePersisted(seen);
  const all = rows(own, met);
  const shown = found(all, typed, ({ command }) => t(command.title));
  const clashing = all.filter(({ against }) => against.length > 0).length;
  return (
    <div>
      <Line title={t("Preset")} lead={t("Where you come from: the keys that your hands know.")}>
        <Segments
          label={t("Preset")}
          value={own.preset}
          choices={[
            ["annotary", "Annotary"],
            ["cvat", "CVAT"],
            ["label-studio", "Label Studio"],
          ]}
          onChange={(preset) => isPreset(preset) && setOwn({ ...own, preset })}
        />
      </Line>
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2.5">
        <Input
          type="search"
          aria-label={t("Find a command")}
          placeholder={t("Find a command")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-w-64 flex-1"
        />
        <p role="status" className={classes("flex-1 text-sm", clashing ? "text-warn" : "text-quiet")}>
          {clashing
            ? t("{clashing, plural, one {# command shares} other {# commands share}} a key with another", {
                clashing,
              })
            : t("No key is taken twice")}
        </p>
        {Object.keys(own.keys).length > 0 && (
          <Button size="sm" icon="undo" onClick={() => setOwn({ ...own, keys: {} })}>
            {t("All as in the preset")}
          </Button>
        )}
      </div>
      <ul className="border-t border-line">
        {shown.map((row) => (
          <Command key={row.command.id} row={row} own={own} change={setOwn} />
        ))}
      </ul>
    </div>
  );
}

interface CommandProps {
  readonly row: Row;
  readonly own: OwnKeys;
  readonly change: (own: OwnKeys) => void;
}

function Command({ row, own, change }: CommandProps) {
  const title = t(row.command.title);
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1 last:border-0">
      <span className="min-w-32 flex-1">
        {title}
        {row.against.length > 0 && (
          <span className="flex items-center gap-1.5 text-sm text-warn">
            <Icon name="alert" className="size-3.5" />
            {t("also: {titles}", { titles: row.against.map((one) => t(one)).join(", ") })}
          </span>
        )}
      </span>
      {row.keys.map((key) => (
        <Taken key={key} chord={key} title={title} remove={() => change(withoutKey(own, row, key))} />
      ))}
      <Teach title={title} learn={(pressed) => change(withKey(own, row, pressed))} />
      {row.own ? (
        <IconButton
          icon="undo"
          size="sm"
          label={t("{title}: as in the preset", { title })}
          onClick={() => change(reset(own, row.command.id))}
        />
      ) : (
        <span className="w-7" />
      )}
    </li>
  );
}

interface TakenProps {
  readonly chord: string;
  readonly title: string;
  readonly remove: () => void;
}

const Taken = ({ chord, title, remove }: TakenProps) => (
  <button
    type="button"
    onClick={remove}
    className="group flex h-7 items-center gap-1 rounded-md border border-line bg-surface px-1.5 hover:border-bad hover:text-bad"
  >
    <Kbd keys={shownKeys(chord)} />
    <span className="sr-only">
      {t("{title}: take {keys} away", { title, keys: shownKeys(chord).join(" ") })}
    </span>
    <Icon name="close" className="size-3 text-quiet group-hover:text-bad" />
  </button>
);

/** A button that, once pressed, takes the next key as the new one; Esc leaves it at that. */
function Teach({ title, learn }: { readonly title: string; readonly learn: (chord: string) => void }) {
  const [listening, setListening] = useState(false);
  const press = (event: React.KeyboardEvent) => {
    if (!listening || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    const pressed = taught(event.nativeEvent);
    if (pressed === null) return;
    setListening(false);
    if (pressed !== "escape") learn(pressed);
  };
  return (
    <button
      type="button"
      aria-pressed={listening}
      onClick={() => setListening(true)}
      onKeyDown={press}
      onBlur={() => setListening(false)}
      className={classes(
        "inline-flex h-7 items-center rounded-md border px-2 text-sm",
        listening
          ? "border-accent bg-accent-soft text-accent-ink"
          : "border-dashed border-line-strong text-quiet hover:text-ink",
      )}
    >
      <span className="sr-only">{t("{title}: add a key", { title })}</span>
      {listening ? (
        <span aria-live="polite">{t("Press a key…")}</span>
      ) : (
        <Icon name="add" className="size-3.5" />
      )}
    </button>
  );
}

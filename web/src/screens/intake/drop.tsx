/** Where files are dropped or chosen, folders too. */

import { type DragEvent, useEffect, useRef, useState } from "react";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Icon } from "@/kit/icon";
import { ACCEPTED } from "./looking";
import type { Chosen } from "./values";

export interface DropProps {
  readonly onChoose: (chosen: readonly Chosen[]) => void;
  /** There are some already: it is small. */
  readonly more: boolean;
}

export function Drop({ onChoose, more }: DropProps) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  const taken = (input: HTMLInputElement) => {
    onChoose([...(input.files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
    input.value = "";
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void entriesOf(event.dataTransfer).then(onChoose);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be chosen by the buttons
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
      className={classes(
        "flex items-center rounded-lg border-2 border-dashed transition-colors",
        more ? "flex-wrap gap-3 px-4 py-3" : "flex-col gap-3 px-6 py-10 text-center",
        over ? "border-accent bg-accent-soft" : "border-line-strong bg-raised",
      )}
    >
      {!more && (
        <span className="inline-flex size-12 items-center justify-center rounded-full bg-accent-soft text-accent-ink">
          <Icon name="upload" className="size-6" />
        </span>
      )}
      <div className={more ? "min-w-0 flex-1" : ""}>
        <p className={more ? "font-medium" : "text-lg font-semibold"}>
          {more ? t("Drop more files here") : t("Drop your files here")}
        </p>
        {!more && (
          <p className="mt-1 max-w-lg text-quiet">
            {t(
              "Texts as JSONL, JSON, CSV, TSV or TXT; images; videos; a folder of them; a COCO file beside its images.",
            )}
          </p>
        )}
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button
          look={more ? "plain" : "primary"}
          icon="document"
          onClick={() => files.current?.click()}
          data-choose-files
        >
          {t("Choose files")}
        </Button>
        <Button icon="folder" onClick={() => folder.current?.click()}>
          {t("Choose a folder")}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept={ACCEPTED}
        hidden
        onChange={(event) => taken(event.target)}
      />
      <input ref={folder} type="file" hidden onChange={(event) => taken(event.target)} />
    </div>
  );
}

/** Return what was dropped; folders are walked through. */
async function entriesOf(dropped: DataTransfer): Promise<readonly Chosen[]> {
  // They must be asked for before anything is waited for.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry());
  const loose = [...dropped.files].map((file) => ({ file, name: file.name }));
  if (entries.every((entry) => entry === null)) return loose;
  return (await Promise.all(entries.map((entry) => (entry ? within(entry, "") : [])))).flat();
}

async function within(entry: FileSystemEntry, path: string): Promise<readonly Chosen[]> {
  const name = path + entry.name;
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise<File>((done, failed) => entry.file(done, failed));
    return entry.name.startsWith(".") ? [] : [{ file, name }];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    // It gives some at a time, until there are none.
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((one) => within(one, `${name}/`)))).flat();
}

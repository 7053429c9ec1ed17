/** The sheet of keys: every command of the page as it is now, with its keys, by where it is at home. */

import { shownKeys } from "@/engine/hotkeys/chord";
import { SCOPES, type Scope } from "@/engine/hotkeys/registry";
import { Dialog } from "@/kit/dialog";
import { Kbd } from "@/kit/kbd";
import { type Command, useRegistered } from "./commands";
import { registry } from "./hotkeys";
import { t } from "./words";

const titles = (): Readonly<Record<Scope, string>> => ({
  tool: t("With the tool in hand"),
  surface: t("On the item"),
  page: t("On this page"),
  dialog: t("In this dialog"),
  app: t("Everywhere"),
});

export interface KeySheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function KeySheet({ open, onOpenChange }: KeySheetProps) {
  const commands = useRegistered().filter((command) => registry.keysOf(command).length > 0);
  const groups = [...SCOPES]
    .reverse()
    .map((scope) => [scope, commands.filter((command) => command.scope === scope)] as const)
    .filter(([, members]) => members.length > 0);
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title={t("Keys")}
      description={t("You can change every one of them in the settings.")}
    >
      <div className="gap-8 sm:columns-2">
        {groups.map(([scope, members]) => (
          <section key={scope} className="mb-5 break-inside-avoid-column">
            <h3 className="mb-1 text-sm font-semibold text-quiet">{titles()[scope]}</h3>
            <dl>
              {members.map((command) => (
                <Keys key={command.id} command={command} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ command }: { readonly command: Command }) {
  const chords = registry.keysOf(command);
  return (
    <div className="flex min-h-7 items-center gap-3 border-b border-line py-1 last:border-0">
      <dt className="min-w-0 flex-1">{command.title}</dt>
      <dd className="flex gap-2">
        {chords.map((chord) => (
          <span key={chord}>
            <Kbd keys={shownKeys(chord)} />
            <span className="sr-only">{shownKeys(chord).join(" ")}</span>
          </span>
        ))}
      </dd>
    </div>
  );
}

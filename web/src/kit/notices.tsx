/** How notices are drawn at the foot of the page: loaded with the first one. */

import { Toast as Radix } from "radix-ui";
import { useEffect } from "react";
import { registry } from "@/app/hotkeys";
import { t } from "@/app/words";
import { shownKeys } from "@/engine/hotkeys/chord";
import { classes } from "./classes";
import { Icon, type IconName } from "./icon";
import { Kbd } from "./kbd";
import type { Shown, Tone } from "./toast";

const ICONS: Readonly<Record<Tone, IconName>> = { plain: "info", good: "check", warn: "alert", bad: "alert" };
const INKS: Readonly<Record<Tone, string>> = {
  plain: "text-quiet",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
};

export interface NoticesProps {
  readonly shown: readonly Shown[];
  readonly close: (id: string) => void;
}

/** The keys of the latest notice that has some do what its button does, and it goes. */
function useKeysOf({ shown, close }: NoticesProps) {
  const latest = shown.findLast(({ action }) => action?.keys);
  useEffect(() => {
    if (!latest?.action?.keys) return;
    const { label: title, keys, run } = latest.action;
    const act = () => {
      close(latest.id);
      run();
    };
    return registry.register([{ id: "notice", title, scope: "app", keys, run: act }]);
  }, [latest, close]);
}

export function Notices({ shown, close }: NoticesProps) {
  useKeysOf({ shown, close });
  return (
    <Radix.Provider label={t("Notices")} swipeDirection="right">
      {shown.map(({ id, title, detail, tone = "plain", action, milliseconds }) => (
        <Radix.Root
          key={id}
          duration={milliseconds ?? (tone === "bad" ? 9000 : 4500)}
          onOpenChange={(open) => !open && close(id)}
          className="flex w-full items-start gap-2.5 rounded-lg border border-line bg-raised px-3 py-2.5 shadow-float data-[state=open]:animate-rise"
        >
          <Icon name={ICONS[tone]} className={classes("mt-0.5", INKS[tone])} />
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-base font-medium">{title}</Radix.Title>
            {detail && <Radix.Description className="text-sm text-quiet">{detail}</Radix.Description>}
          </div>
          {action && (
            <Radix.Action asChild altText={action.label}>
              <button
                type="button"
                onClick={action.run}
                className="text-sm font-medium text-accent-ink hover:underline"
              >
                {action.label} {action.keys?.[0] && <Kbd keys={shownKeys(action.keys[0])} />}
              </button>
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-60 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}

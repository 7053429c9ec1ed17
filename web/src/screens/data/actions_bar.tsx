/** What can be done to the chosen items, or to all that match: with counts before, and a second look. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, type ModalityShape, modality } from "@/api/client";
import { queryClient } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { useMe } from "@/app/session";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Confirm } from "@/kit/confirm";
import type { IconName } from "@/kit/icon";
import { Menu, MenuItem } from "@/kit/menu";
import { Progress } from "@/kit/shown";
import { notify } from "@/kit/toast";
import type { useChoice } from "./choice";
import type { Filter } from "./filter";
import type { Look, Project } from "./looking";

type Action = ModalityShape<"ActionRequest">["action"];

interface Deed {
  readonly action: Action;
  readonly icon: IconName;
  readonly words: string;
  /** Which states it can be done in, and what comes of it. */
  readonly from: readonly string[];
  readonly effect: string;
}

const deeds = (): readonly Deed[] => [
  {
    action: "pause",
    icon: "pause",
    words: t("Pause"),
    from: ["open"],
    effect: t("They are held back; those who have them may finish."),
  },
  {
    action: "resume",
    icon: "play",
    words: t("Resume"),
    from: ["paused"],
    effect: t("They are offered again."),
  },
  {
    action: "requeue",
    icon: "redo",
    words: t("Ask again"),
    from: ["open", "paused", "done"],
    effect: t("All answers are asked for anew: earlier ones stay in the record and no longer count."),
  },
  {
    action: "gold",
    icon: "flag",
    words: t("Make gold"),
    from: ["done"],
    effect: t("Those with an accepted outcome become gold: their outcome is the known answer."),
  },
  {
    action: "cancel",
    icon: "close",
    words: t("Cancel"),
    from: ["open", "paused"],
    effect: t("They end without an outcome, for good. Leases are taken back; answers stay in the record."),
  },
];

export interface ActionsBarProps {
  readonly project: Project;
  readonly filter: Filter;
  readonly look: Look | undefined;
  readonly choice: ReturnType<typeof useChoice>;
}

export function ActionsBar({ project, filter, look, choice }: ActionsBarProps) {
  const me = useMe();
  const [asked, setAsked] = useState<{ deed: Deed; filter: Filter }>();
  const [share, setShare] = useState<number>();
  if (!isAtLeast(me, project.id, "manager") || !look || look.count === 0) return null;
  const chosen = choice.tasks.size;
  const about: Filter = chosen > 0 ? { tasks: [...choice.tasks] } : filter;
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 pb-2">
      <p role="status" className="text-sm text-quiet">
        {chosen > 0
          ? t("{count, plural, one {# item chosen} other {# items chosen}}", { count: chosen })
          : t("Nothing chosen: actions are for all that match")}
      </p>
      <Menu
        align="start"
        trigger={
          <Button size="sm" icon="more">
            {chosen > 0
              ? t("Act on {count} chosen", { count: counted(chosen) })
              : t("Act on all {count}", { count: counted(look.count) })}
          </Button>
        }
      >
        {deeds().map((deed) => (
          <MenuItem key={deed.action} icon={deed.icon} onSelect={() => setAsked({ deed, filter: about })}>
            {deed.words}…
          </MenuItem>
        ))}
      </Menu>
      {chosen > 0 && (
        <Button size="sm" look="ghost" onClick={choice.clear}>
          {t("Choose none")}
        </Button>
      )}
      {share !== undefined && <Progress label={t("Under way")} share={share} className="w-32" />}
      {asked && (
        <SecondLook
          {...{ project, ...asked, onShare: setShare }}
          onDone={() => {
            setAsked(undefined);
            choice.clear();
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

interface SecondLookProps {
  readonly project: Project;
  readonly deed: Deed;
  readonly filter: Filter;
  readonly onShare: (share: number | undefined) => void;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Counts first, as the server has them now; then asks. */
function SecondLook({ project, deed, filter, onShare, onDone, onClose }: SecondLookProps) {
  const { data: look } = useCounts(project, filter);
  const fit = deed.from.reduce((sum, state) => sum + (look?.states[state] ?? 0), 0);
  const run = async () => {
    const changed = await actOnAll(project, deed.action, filter, look?.count ?? 0, onShare);
    onDone();
    notify({
      title: t("{words}: {count} changed", { words: deed.words, count: counted(changed) }),
      tone: "good",
    });
    await queryClient.invalidateQueries({ queryKey: ["data", project.id] });
    await queryClient.invalidateQueries({ queryKey: ["data choices", project.id] });
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("{words}: {count, plural, one {# item} other {# items}}?", {
        words: deed.words,
        count: look?.count ?? 0,
      })}
      action={deed.words}
      run={run}
      {...(deed.action === "cancel" && { name: project.name })}
    >
      <p>{deed.effect}</p>
      <p className="mt-2 font-medium">
        {look
          ? t("{fit} of {count} are in a state for it; the others stay as they are.", {
              fit: counted(fit),
              count: counted(look.count),
            })
          : t("Counting…")}
      </p>
    </Confirm>
  );
}

/** What a filter finds now, and in which states. */
const useCounts = ({ id, modality: name }: Project, filter: Filter) =>
  useQuery({
    queryKey: ["data", id, "counts", filter],
    queryFn: () => answered(modality(name).POST("/data/counts", { body: { project: id, filter } })),
    staleTime: 0,
  });

/** Goes on step by step until nothing is left; returns how many were changed. */
async function actOnAll(
  project: Project,
  action: Action,
  filter: Filter,
  count: number,
  onShare: (share: number | undefined) => void,
): Promise<number> {
  let [changed, lookedAt] = [0, 0];
  let after: string | null = null;
  try {
    do {
      const body: ModalityShape<"ActionRequest"> = { project: project.id, action, filter, after };
      const step: ModalityShape<"ActionStep"> = await answered(
        modality(project.modality).POST("/data/actions", { body }),
      );
      changed += step.changed;
      lookedAt += step.looked_at;
      onShare(count ? lookedAt / count : 1);
      after = step.after;
    } while (after);
  } finally {
    onShare(undefined);
  }
  return changed;
}

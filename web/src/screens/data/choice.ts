/** Which tasks are chosen: by their ids, so that they stay chosen when the list moves beneath them. */

import { useCallback, useState } from "react";
import { problemOf } from "@/api/client";
import { t } from "@/app/words";
import { notify } from "@/kit/toast";
import type { Stretch } from "@/kit/virtual_rows";
import { type Look, type Project, rowsBetween } from "./looking";

/** As many ids as one filter may name. */
export const CHOSEN_MAX = 10_000;

export function useChoice(project: Project, look: Look | undefined) {
  const [tasks, setTasks] = useState<ReadonlySet<string>>(new Set());
  const choose = useCallback(
    async ({ from, to, how }: Stretch) => {
      if (!look) return;
      if (to - from >= CHOSEN_MAX)
        return notify({
          title: t("Too many to choose one by one"),
          detail: t("Act on all that match instead: nothing need be chosen for it."),
        });
      try {
        const ids = (await rowsBetween(project, look, from, to)).map(({ task }) => task);
        setTasks((before) => {
          const after = new Set(before);
          for (const id of ids) how === "turn" && before.has(id) ? after.delete(id) : after.add(id);
          return after;
        });
      } catch (error) {
        notify({ title: problemOf(error).message, tone: "bad" });
      }
    },
    [project, look],
  );
  const clear = useCallback(() => setTasks(new Set()), []);
  const has = (task: string | undefined) => task !== undefined && tasks.has(task);
  return { tasks, choose: (stretch: Stretch) => void choose(stretch), clear, has };
}

/** What is asked of annotators, beside their work; a new version is told once. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, platform } from "@/api/client";
import { Persisted, usePersisted } from "@/app/persisted";
import { moment, t } from "@/app/words";
import { Badge } from "@/kit/shown";

const isNumbers = (found: unknown): found is Record<string, number> =>
  typeof found === "object" && found !== null && Object.values(found).every((one) => typeof one === "number");

/** Which version of a project's instructions this person has seen. */
const seen = new Persisted<Readonly<Record<string, number>>>("annotary.instructions", (stored) =>
  isNumbers(stored) ? stored : {},
);

/** The newest instructions. The version is part of the key: a task under a newer one asks again. */
const instructionsQuery = (project: string, version: number) =>
  queryOptions({
    queryKey: ["instructions", project, version],
    queryFn: async () => {
      const path = { project };
      const page = await answered(
        platform.GET("/v1/projects/{project}/instructions", { params: { path, query: { limit: 1 } } }),
      );
      return page.items[0] ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Whether the instructions are newer than what this person has seen, and how to say that they have now. */
export function useNewInstructions(project: string, version: number): readonly [boolean, () => void] {
  const [versions, set] = usePersisted(seen);
  const known = versions[project] ?? 0;
  return [version > known, () => version > known && set({ ...versions, [project]: version })];
}

export function InstructionsPanel({
  project,
  version,
}: {
  readonly project: string;
  readonly version: number;
}) {
  const { data, isError } = useQuery(instructionsQuery(project, version));
  if (isError)
    return <p className="px-3 text-sm text-quiet">{t("The instructions cannot be read just now.")}</p>;
  if (data === undefined) return null;
  if (!data?.body)
    return <p className="px-3 text-sm text-quiet">{t("This project has no instructions yet.")}</p>;
  return (
    <div className="min-h-0 overflow-y-auto px-3 pb-4">
      <p className="mb-2 flex items-center gap-2 text-xs text-quiet">
        <Badge>{t("version {version}", { version: data.version })}</Badge>
        {moment(data.created_at)}
      </p>
      <div dir="auto" className="text-base leading-relaxed break-words whitespace-pre-wrap">
        {data.body}
      </div>
    </div>
  );
}

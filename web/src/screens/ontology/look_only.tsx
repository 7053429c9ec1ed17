/** The ontology as reviewers see it: what may be said, to be looked at and tried. */

import { useQuery } from "@tanstack/react-query";
import { colourOf } from "@/annotate/labels";
import { problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { t } from "@/app/words";
import { branchesOf } from "@/engine/document/labels";
import { Kbd } from "@/kit/kbd";
import { Badge, Notice } from "@/kit/shown";
import { RetiredBadge } from "./chosen";
import { Preview } from "./preview";
import { type Project, versionQuery } from "./queries";
import { kindWords } from "./said";

export function LookOnly({ project }: { readonly project: Project }) {
  const { data, error } = useQuery(versionQuery(project.ontology, project.ontology_version));
  if (error) return <Notice>{problemOf(error).message}</Notice>;
  if (!data) return <Waiting />;
  const { definition } = data;
  return (
    <>
      <header className="mb-4">
        <h2 className="text-xl font-semibold tracking-tight">{t("Ontology")}</h2>
        <p className="text-quiet">
          {t("Version {number}. Managers of the organisation change it.", { number: data.number })}
        </p>
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_25rem]">
        <ul
          aria-label={t("Labels")}
          className="divide-y divide-line rounded-lg border border-line bg-raised shadow-card"
        >
          {branchesOf(definition.labels ?? []).map(({ label }) => (
            <li key={label.name} className="flex flex-col gap-1 px-4 py-3">
              <span className="flex items-center gap-2">
                <svg width="12" height="12" aria-hidden="true" className="shrink-0">
                  <rect width="12" height="12" rx="3" fill={colourOf(definition, label.name)} />
                </svg>
                <span className="font-medium">{label.name}</span>
                {label.parent && (
                  <span className="text-sm text-quiet">{t("below {parent}", { parent: label.parent })}</span>
                )}
                {label.hotkey && <Kbd keys={[label.hotkey]} />}
                {label.retired && <RetiredBadge />}
              </span>
              {label.description && <p className="text-quiet">{label.description}</p>}
              {label.attributes?.map((attribute) => (
                <p key={attribute.name} className="flex items-center gap-2 text-sm">
                  <span>{attribute.name}</span>
                  <span className="text-quiet">{kindWords(attribute)}</span>
                  {attribute.required && <Badge tone="accent">{t("required")}</Badge>}
                </p>
              ))}
            </li>
          ))}
        </ul>
        <Preview project={project} definition={definition} />
      </div>
    </>
  );
}

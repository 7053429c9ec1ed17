/** The versions with the latest first: who published each and why, how a trial goes, what it did, and the way back. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { moment, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Confirm } from "@/kit/confirm";
import { Field, Select, TextArea } from "@/kit/field";
import { Badge, Notice, Skeleton } from "@/kit/shown";
import { ChangeLine } from "./answer_changes";
import { Differences, StepsTold } from "./checked_view";
import {
  type Change,
  changesQuery,
  complete,
  differencesQuery,
  membersQuery,
  type Project,
  type Publication,
  type Version,
  withdraw,
} from "./queries";
import { Watch } from "./watch";

export interface VersionsProps {
  readonly project: Project;
  readonly versions: readonly Version[];
  readonly publications: readonly Publication[];
}

export function Versions(props: VersionsProps) {
  const { versions, publications, project } = props;
  // Only the latest that stands can be taken back: those before it are what others were made from.
  const last = publications.find(({ state }) => state !== "withdrawn");
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <ol aria-label={t("Versions")} className="flex flex-col gap-3">
        {versions.map((version) => {
          const publication = publications.find((one) => one.version.id === version.id);
          return (
            <li key={version.id}>
              <VersionCard
                {...{ project, version, publication, versions }}
                isLast={publication !== undefined && publication === last}
              />
            </li>
          );
        })}
      </ol>
      <Compare {...props} />
    </div>
  );
}

interface VersionCardProps extends Pick<VersionsProps, "project" | "versions"> {
  readonly version: Version;
  readonly publication: Publication | undefined;
  readonly isLast: boolean;
}

function VersionCard({ project, version, publication, isLast, versions }: VersionCardProps) {
  const { data: members } = useQuery(membersQuery);
  const by = members?.find(({ id }) => id === version.created_by)?.name;
  const inUse = project.ontology_version === version.id;
  const previous = versions.find(({ id }) => id === publication?.previous);
  const when = moment(version.created_at);
  return (
    <article
      aria-label={t("Version {number}", { number: version.number })}
      className="flex flex-col gap-3 rounded-lg border border-line bg-raised p-4 shadow-card"
    >
      <header className="flex flex-wrap items-center gap-2">
        <h3 className="text-lg font-semibold">{t("Version {number}", { number: version.number })}</h3>
        {inUse && (
          <Badge tone="good" icon="check">
            {t("this project works with it")}
          </Badge>
        )}
        {publication?.state === "watching" && (
          <Badge tone="warn" icon="eye">
            {t("on trial")}
          </Badge>
        )}
        {publication?.state === "withdrawn" && <Badge>{t("taken back")}</Badge>}
        <span className="ml-auto text-sm text-quiet">{by ? t("{by}, {when}", { by, when }) : when}</span>
      </header>
      {publication?.reason && <p>{publication.reason}</p>}
      {publication ? (
        <>
          <StepsTold steps={publication.checked.steps} />
          <section>
            <h4 className="mb-1.5 text-sm text-quiet">{t("So that")}</h4>
            <Differences differences={publication.checked.differences} />
          </section>
        </>
      ) : (
        <p className="text-quiet">{t("Made with the project, or published without steps.")}</p>
      )}
      {publication && <Watch publication={publication} />}
      {publication && <Migrated project={project} publication={publication} />}
      {publication && isLast && <Acts publication={publication} previous={previous} />}
    </article>
  );
}

/** The changes of this project's answers that came of a publication, and of its taking back. */
function Migrated({
  project,
  publication,
}: {
  readonly project: Project;
  readonly publication: Publication;
}) {
  const own = publication.changes[project.id];
  const of = (changes: readonly Change[]) =>
    changes.filter(({ id, reverts }) => own !== undefined && (id === own || reverts === own));
  const wanted = own === undefined ? 0 : publication.state === "withdrawn" ? 2 : 1;
  const awaited = (changes: readonly Change[]) => of(changes).length < wanted;
  const { data = [] } = useQuery(changesQuery(project.modality, project.id, awaited));
  const found = of(data);
  return found.map((change) => <ChangeLine key={change.id} project={project} change={change} />);
}

interface ActsProps {
  readonly publication: Publication;
  readonly previous: Version | undefined;
}

function Acts({ publication, previous }: ActsProps) {
  const [open, setOpen] = useState<"complete" | "withdraw" | null>(null);
  const [reason, setReason] = useState("");
  const isTrial = publication.state === "watching";
  const to = previous?.number ?? "";
  return (
    <div className="flex flex-wrap gap-2">
      {isTrial && (
        <Button look="primary" size="sm" icon="check" onClick={() => setOpen("complete")}>
          {t("Give it to all")}
        </Button>
      )}
      <Button size="sm" icon="undo" onClick={() => setOpen("withdraw")}>
        {isTrial ? t("Withdraw") : t("Roll back to version {to}", { to })}
      </Button>
      <Confirm
        open={open === "complete"}
        onOpenChange={() => setOpen(null)}
        title={t("Give version {number} to all projects?", { number: publication.version.number })}
        action={t("Give it to all")}
        run={() => complete(publication)}
      >
        <p>{t("All tasks work with it from now on, and stored answers are brought along.")}</p>
      </Confirm>
      <Confirm
        open={open === "withdraw"}
        onOpenChange={() => setOpen(null)}
        title={t("Go back to version {to}?", { to })}
        action={t("Go back")}
        run={() => withdraw(publication, reason)}
      >
        <p>
          {t(
            "Projects work with version {to} at once. Answers from before get back the bytes that they had; what was said meanwhile goes the steps back.",
            { to },
          )}
        </p>
        <Field label={t("Why")}>
          {(links) => (
            <TextArea
              {...links}
              data-first
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </Confirm>
    </div>
  );
}

/** What differs between any two versions. */
function Compare({ project, versions }: VersionsProps) {
  const [latest, before = latest] = versions;
  const [from, setFrom] = useState(before?.id ?? "");
  const [to, setTo] = useState(latest?.id ?? "");
  const { data, error } = useQuery(differencesQuery(project.ontology, from, to));
  const choice = (label: string, value: string, choose: (id: string) => void) => (
    <Field label={label}>
      {(links) => (
        <Select {...links} className="w-full" value={value} onChange={({ target }) => choose(target.value)}>
          {versions.map(({ id, number }) => (
            <option key={id} value={id}>
              {t("Version {number}", { number })}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
  return (
    <section
      aria-label={t("Compare")}
      className="flex flex-col gap-3 rounded-lg border border-line bg-raised p-4 shadow-card lg:sticky lg:top-4"
    >
      <h3 className="font-semibold">{t("Compare")}</h3>
      <div className="grid grid-cols-2 gap-3">
        {choice(t("From"), from, setFrom)}
        {choice(t("To"), to, setTo)}
      </div>
      {error && <Notice>{problemOf(error).message}</Notice>}
      {data ? <Differences differences={data} /> : !error && <Skeleton className="h-16" />}
    </section>
  );
}

/** The ontology of a project: edited, checked, published, compared and taken back. */

import { useQuery } from "@tanstack/react-query";
import { useBlocker, useNavigate, useParams } from "@tanstack/react-router";
import { problemOf } from "@/api/client";
import { Waiting } from "@/app/fallbacks";
import { projectQuery } from "@/app/query";
import { isAtLeast } from "@/app/role";
import { ontologyRoute } from "@/app/router";
import { useMe } from "@/app/session";
import { counted, t } from "@/app/words";
import { Button } from "@/kit/button";
import { Tabs } from "@/kit/choices";
import { Dialog } from "@/kit/dialog";
import { Badge, Notice } from "@/kit/shown";
import { AnswerChanges } from "./answer_changes";
import { EditorPage } from "./editor";
import { LookOnly } from "./look_only";
import { PublishPage } from "./publish_page";
import {
  baseOf,
  ontologyQuery,
  type Project,
  type Publication,
  publicationsQuery,
  type Version,
  versionsQuery,
} from "./queries";
import { useEditing } from "./use_editing";
import { Versions } from "./versions";

export default function OntologyPage() {
  const { project: id = "" } = useParams({ strict: false });
  const me = useMe();
  const { data: project, error } = useQuery(projectQuery(id));
  if (error) return <Refusal error={error} />;
  if (!project) return <Waiting />;
  // Ontologies belong to the organisation: several projects may work with one.
  const manages = isAtLeast(me, "", "manager");
  return (
    <div className="mx-auto w-full max-w-7xl px-4 py-6 sm:px-6">
      {manages ? <Managed project={project} /> : <LookOnly project={project} />}
    </div>
  );
}

const Refusal = ({ error }: { readonly error: unknown }) => (
  <div className="p-6">
    <Notice>{problemOf(error).message}</Notice>
  </div>
);

function Managed({ project }: { readonly project: Project }) {
  const { ontology } = project;
  const named = useQuery(ontologyQuery(ontology));
  const versions = useQuery(versionsQuery(ontology));
  const publications = useQuery(publicationsQuery(ontology));
  const error = named.error ?? versions.error ?? publications.error;
  const base = versions.data && publications.data && baseOf(versions.data, publications.data);
  if (error) return <Refusal error={error} />;
  if (!base || !named.data || !versions.data || !publications.data) return <Waiting />;
  return (
    <Views
      project={project}
      name={named.data.name}
      base={base}
      versions={versions.data}
      publications={publications.data}
    />
  );
}

export interface ViewsProps {
  readonly project: Project;
  readonly name: string;
  readonly base: Version;
  readonly versions: readonly Version[];
  readonly publications: readonly Publication[];
}

function Views({ project, name, base, versions, publications }: ViewsProps) {
  const { view = "edit" } = ontologyRoute.useSearch();
  const navigate = useNavigate();
  const editor = useEditing(base);
  const show = (chosen: string) =>
    void navigate({
      to: "/projects/$project/ontology",
      params: { project: project.id },
      search: { view: chosen as typeof view },
    });
  const steps = editor.editing.steps.length;
  const trial = publications.find(({ state }) => state === "watching");
  return (
    <>
      <header className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="text-xl font-semibold tracking-tight">{t("Ontology")}</h2>
        {name !== project.name && <span className="text-quiet">{name}</span>}
        <Badge>{t("version {number}", { number: base.number })}</Badge>
        {trial && (
          <Badge tone="warn" icon="eye">
            {t("version {number} is on trial", { number: trial.version.number })}
          </Badge>
        )}
      </header>
      <Tabs
        label={t("Ontology")}
        value={view}
        onChange={show}
        tabs={[
          {
            value: "edit",
            label: t("Edit"),
            content: <EditorPage project={project} editor={editor} review={() => show("publish")} />,
          },
          {
            value: "publish",
            label: steps
              ? t("Check and publish ({steps})", { steps: counted(steps) })
              : t("Check and publish"),
            content: (
              <PublishPage
                project={project}
                editor={editor}
                trial={trial}
                published={() => show("versions")}
              />
            ),
          },
          {
            value: "versions",
            label: t("Versions"),
            content: <Versions project={project} versions={versions} publications={publications} />,
          },
          { value: "answers", label: t("Answers"), content: <AnswerChanges project={project} /> },
        ]}
      />
      <Leaving steps={steps} project={project.id} discard={editor.discard} />
    </>
  );
}

interface LeavingProps {
  readonly steps: number;
  readonly project: string;
  readonly discard: () => void;
}

/** Whoever leaves with steps that nobody published is asked; a reload keeps them without asking. */
function Leaving({ steps, project, discard }: LeavingProps) {
  const own = `/projects/${project}/ontology`;
  const { proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => steps > 0 && !next.pathname.startsWith(own) && next.pathname !== "/sign-in",
    enableBeforeUnload: false,
    withResolver: true,
  });
  if (!proceed) return null;
  const leave = (keeps: boolean) => {
    if (!keeps) discard();
    proceed();
  };
  return (
    <Dialog
      open
      onOpenChange={reset}
      title={t("Leave without publishing?")}
      actions={
        <>
          <Button look="ghost" onClick={() => leave(false)}>
            {t("Discard and leave")}
          </Button>
          <Button onClick={() => leave(true)}>{t("Keep as a draft and leave")}</Button>
          <Button look="primary" data-first onClick={reset}>
            {t("Stay")}
          </Button>
        </>
      }
    >
      {t(
        "{steps, plural, one {# step is} other {# steps are}} not published. A draft stays in this browser until you come back.",
        { steps },
      )}
    </Dialog>
  );
}

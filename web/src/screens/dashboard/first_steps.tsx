/** The overview of a project without tasks: what will stand here, and what comes first. */

import { Link } from "@tanstack/react-router";
import { t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { Icon } from "@/kit/icon";
import type { Project } from "./asking";

export const FirstSteps = ({ project }: { readonly project: Project }) => (
  <div className="mx-auto max-w-2xl rounded-lg border border-line bg-raised p-6">
    <h2 className="text-xl font-semibold tracking-tight">{t("Nothing to label yet")}</h2>
    <p className="mt-1 text-quiet">
      {t(
        "Once people label, this page shows how fast, how well and how much is left. Three steps lead there:",
      )}
    </p>
    <ol className="mt-5 flex flex-col gap-5">
      <Step number={1} title={t("Bring your files")}>
        <p>{t("Items come in by the line or as files; a batch makes tasks of them.")}</p>
        <Link
          to="/projects/$project/files"
          params={{ project: project.id }}
          className={buttonClasses("primary")}
        >
          <Icon name="upload" />
          {t("Import files")}
        </Link>
      </Step>
      <Step number={2} title={t("Say who labels")}>
        <p>{t("Annotators see only what they are given; with an overlap of two, agreement is known.")}</p>
        <Link to="/projects/$project/team" params={{ project: project.id }} className={buttonClasses()}>
          <Icon name="people" />
          {t("Choose the team")}
        </Link>
      </Step>
      <Step number={3} title={t("Label the first task yourself")}>
        <p>{t("You will see what the instructions leave open.")}</p>
        <Link to="/projects/$project/annotate" params={{ project: project.id }} className={buttonClasses()}>
          <Icon name="pencil" />
          {t("Label")}
        </Link>
      </Step>
    </ol>
  </div>
);

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly children: React.ReactNode;
}

const Step = ({ number, title, children }: StepProps) => (
  <li className="flex gap-4">
    <span
      aria-hidden="true"
      className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-ink"
    >
      {number}
    </span>
    <div className="flex flex-col items-start gap-2 text-quiet">
      <h3 className="text-base font-semibold text-ink">{title}</h3>
      {children}
    </div>
  </li>
);

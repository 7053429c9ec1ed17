/** No project yet: whoever may make one is led there, the others learn how they come to one. */

import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { t } from "@/app/words";
import { buttonClasses } from "@/kit/button";
import { Icon, type IconName } from "@/kit/icon";
import { Empty } from "@/kit/shown";

export const NoProject = ({ manages }: { readonly manages: boolean }) => (
  <div className="rounded-lg border border-dashed border-line-strong bg-raised">
    {manages ? (
      <First />
    ) : (
      <Empty icon="folder" title={t("You are on no project yet")}>
        {t("A manager puts you on one; it then appears here by itself. Until then there is nothing to do.")}
      </Empty>
    )}
  </div>
);

/** The whole way in three pictures, and the button that begins it. */
function First() {
  const link = useRef<HTMLAnchorElement>(null);
  // Enter is all that a new owner has to press.
  useEffect(() => link.current?.focus({ preventScroll: true }), []);
  return (
    <div className="mx-auto flex max-w-3xl flex-col items-center gap-6 px-4 py-12 text-center">
      <div>
        <h2 className="text-xl font-semibold tracking-tight">{t("Your first project")}</h2>
        <p className="mt-1 text-quiet">{t("From your own files to the first label in a few minutes.")}</p>
      </div>
      <ol className="grid w-full gap-3 sm:grid-cols-3">
        <Stage icon="upload" title={t("Drop your files")}>
          {t("Texts, images or videos. What cannot be used is named, line by line.")}
        </Stage>
        <Stage icon="pencil" title={t("Label")}>
          {t("Choose what is done and the labels; the first task is there at once.")}
        </Stage>
        <Stage icon="download" title={t("Review and export")}>
          {t("A second person looks at it, and the result is a file.")}
        </Stage>
      </ol>
      <Link ref={link} to="/new" className={buttonClasses("primary", "lg")}>
        <Icon name="add" />
        {t("Make a project")}
      </Link>
    </div>
  );
}

interface StageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
}

const Stage = ({ icon, title, children }: StageProps) => (
  <li className="rounded-md bg-sunken px-4 py-4">
    <span className="mx-auto mb-2 inline-flex size-9 items-center justify-center rounded-full bg-accent-soft text-accent-ink">
      <Icon name={icon} />
    </span>
    <span className="block font-semibold">{title}</span>
    <span className="block text-sm text-quiet">{children}</span>
  </li>
);

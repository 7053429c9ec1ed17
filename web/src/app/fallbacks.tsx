/** What is drawn where a page cannot be: it loads, it failed, it is not there. */

import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { problemOf } from "@/api/client";
import { Button, buttonClasses } from "@/kit/button";
import { Icon } from "@/kit/icon";
import { Empty } from "@/kit/shown";
import { t } from "./words";

export const Waiting = () => (
  <div role="status" className="flex h-full min-h-40 items-center justify-center gap-2 text-quiet">
    <Icon name="turning" className="animate-spin" />
    {t("Loading…")}
  </div>
);

export function Failed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = problemOf(error);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className="flex h-full items-center justify-center">
      <Empty
        icon="alert"
        title={problem.retryable ? t("The server does not answer now") : t("This page could not be shown")}
        action={
          <Button look="primary" onClick={again}>
            {t("Try again")}
          </Button>
        }
      >
        <p>{problem.detail || problem.title}</p>
        {problem.retryable && (
          <p className="mt-1">{t("It is restarted by itself; what you labelled is safe.")}</p>
        )}
      </Empty>
    </main>
  );
}

export const Missing = () => (
  <main className="flex h-full items-center justify-center">
    <Empty
      icon="search"
      title={t("There is no such page")}
      action={
        <Link to="/" className={buttonClasses("primary")}>
          {t("To my projects")}
        </Link>
      }
    >
      {t("The address may be misspelt, or the project is not yours any more.")}
    </Empty>
  </main>
);

/** Settings of one person: how the page looks, which keys it has, who they are, where they are signed in. */

import type { ReactNode } from "react";
import { t } from "@/app/words";
import { Account } from "./account";
import { Keys } from "./keys";
import { Looks } from "./looks";
import { Sessions } from "./sessions";

export default function SettingsPage() {
  const sections = [
    ["looks", t("Appearance"), t("For this browser."), <Looks key="looks" />],
    ["keys", t("Keys"), t("For this browser. Every command can have keys of its own."), <Keys key="keys" />],
    ["account", t("You"), t("What others see, and how you sign in."), <Account key="account" />],
    [
      "sessions",
      t("Signed in"),
      t("The browsers that hold a session of yours."),
      <Sessions key="sessions" />,
    ],
  ] as const;
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6 sm:py-8">
      <h1 className="mb-5 text-xl font-semibold tracking-tight">{t("Settings")}</h1>
      <div className="flex gap-10">
        <nav aria-label={t("Settings")} className="sticky top-8 hidden w-40 shrink-0 self-start md:block">
          {sections.map(([id, title]) => (
            <a
              key={id}
              href={`#${id}`}
              className="block rounded-md px-2 py-1.5 -mx-2 text-quiet hover:bg-hover hover:text-ink"
            >
              {title}
            </a>
          ))}
        </nav>
        <div className="flex min-w-0 flex-1 flex-col gap-8">
          {sections.map(([id, title, lead, content]) => (
            <Section key={id} id={id} title={title} lead={lead}>
              {content}
            </Section>
          ))}
        </div>
      </div>
    </div>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}

const Section = ({ id, title, lead, children }: SectionProps) => (
  <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-6">
    <h2 id={`${id}-title`} className="text-lg font-semibold tracking-tight">
      {title}
    </h2>
    <p className="mb-3 text-sm text-quiet">{lead}</p>
    <div className="rounded-lg border border-line bg-raised shadow-card">{children}</div>
  </section>
);

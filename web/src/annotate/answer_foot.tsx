/** The end of an answer: whether it applies at all, why, what is still missing, and the way on. */

import { type ReactNode, useState } from "react";
import { Hint } from "@/app/commands";
import { t } from "@/app/words";
import type { Gap } from "@/engine/document/gaps";
import type { Document } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { TextArea } from "@/kit/field";
import { Icon } from "@/kit/icon";
import { toolTitle } from "./label_palette";
import type { Session, View } from "./session";

export interface AnswerFootProps {
  readonly session: Session;
  readonly view: View;
  readonly document: Document;
  readonly missing: readonly Gap[];
  /** The person tried to submit with something missing. */
  readonly tried: boolean;
  readonly submit: () => void;
  readonly skip: () => void;
}

export function AnswerFoot({ session, view, document, missing, tried, submit, skip }: AnswerFootProps) {
  const revises = view.work?.revises === true;
  return (
    <footer className="flex shrink-0 flex-col gap-2 border-t border-line bg-raised px-3 py-2.5">
      <Envelope session={session} document={document} />
      {tried && missing.length > 0 && <Missing missing={missing} />}
      {view.unkept !== null && (
        <p role="alert" className="text-sm text-bad">
          {view.unkept ||
            t("This browser keeps nothing and the server does not answer: stay here and try again.")}
        </p>
      )}
      <div className="flex gap-2">
        {revises ? (
          <Button onClick={() => void session.giveUp()}>{t("Leave it as it was")}</Button>
        ) : (
          <Button icon="skip" onClick={skip}>
            {t("Skip")}
            <Hint command="skip" />
          </Button>
        )}
        <Button look="primary" className="flex-1" onClick={submit} data-missing={missing.length}>
          {revises ? t("Save the change") : t("Submit")}
          <Hint command="submit" />
        </Button>
      </div>
    </footer>
  );
}

function Envelope({ session, document }: Pick<AnswerFootProps, "session" | "document">) {
  const [wide, setWide] = useState(false);
  const { notApplicable, cannotAssess, justification } = document;
  const open = wide || justification !== "";
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Tick
          on={notApplicable}
          set={(on) => session.perform({ kind: "envelope", change: { notApplicable: on } })}
        >
          {t("Not applicable")}
        </Tick>
        <Tick
          on={cannotAssess}
          set={(on) => session.perform({ kind: "envelope", change: { cannotAssess: on } })}
        >
          {t("Cannot assess")}
        </Tick>
        {!open && (
          <button
            type="button"
            className="min-h-6 text-accent-ink hover:underline"
            onClick={() => setWide(true)}
          >
            {t("Say why")}
          </button>
        )}
      </div>
      {open && (
        <TextArea
          aria-label={t("Why")}
          placeholder={t("Why, in your own words")}
          className="min-h-14"
          autoFocus={wide && justification === ""}
          value={justification}
          onChange={(event) =>
            session.perform(
              { kind: "envelope", change: { justification: event.target.value } },
              "justification",
            )
          }
        />
      )}
    </div>
  );
}

interface TickProps {
  readonly on: boolean;
  readonly set: (on: boolean) => void;
  readonly children: ReactNode;
}

const Tick = ({ on, set, children }: TickProps) => (
  <label className="flex min-h-6 items-center gap-1.5">
    <input
      type="checkbox"
      checked={on}
      onChange={(event) => set(event.target.checked)}
      className="size-4 accent-accent"
    />
    {children}
  </label>
);

const SHOWN = 3;

function Missing({ missing }: { readonly missing: readonly Gap[] }) {
  const words = missing.map((gap) =>
    gap.kind === "tool"
      ? t("An answer needs: {tool}", { tool: toolTitle(gap.tool) })
      : t("A mark needs: {attribute}", { attribute: gap.attribute }),
  );
  return (
    <ul role="alert" className="flex flex-col gap-0.5 text-sm text-bad">
      {[...new Set(words)].slice(0, SHOWN).map((said) => (
        <li key={said} className="flex items-center gap-1.5">
          <Icon name="alert" className="size-3.5" />
          {said}
        </li>
      ))}
    </ul>
  );
}

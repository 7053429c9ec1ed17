/** What a model suggests, said as such: taken over, looked at, or left. */

import { Hint } from "@/app/commands";
import { t } from "@/app/words";
import { undecided } from "@/engine/document/answer";
import { Button } from "@/kit/button";
import { Icon } from "@/kit/icon";
import type { Session, View } from "./session";
import { canAccept } from "./use_work_commands";

export function SuggestionBar({ session, view }: { readonly session: Session; readonly view: View }) {
  const { work, history, asked } = view;
  if (!work?.suggestion || !history || !canAccept(view)) return null;
  const { model, version, score } = work.suggestion;
  const marks = undecided(history.present);
  const forms = Object.keys(work.suggestedForms).filter((tool) => history.present.forms[tool] === undefined);
  const name = `${model} ${version}${score === null ? "" : ` · ${Math.round(100 * score)} %`}`;
  return (
    <section
      aria-label={t("Suggestions")}
      className="flex flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-3 py-1.5 text-sm text-ink"
    >
      <Icon name="sparkle" className="text-warn" />
      <p className="min-w-0 flex-1" role={asked ? "alert" : undefined}>
        {asked
          ? t("Decide on what is suggested first: accept it, or leave it out.")
          : t("{count, plural, one {# suggestion} other {# suggestions}} of {name}", {
              count: marks + forms.length,
              name,
            })}
      </p>
      <Button size="sm" look={asked ? "primary" : "plain"} onClick={() => session.accept()}>
        {t("Accept all")}
        <Hint command="accept" />
      </Button>
      {marks > 0 && (
        <Button size="sm" onClick={session.dismiss}>
          {t("Leave out")}
          <Hint command="reject" />
        </Button>
      )}
    </section>
  );
}

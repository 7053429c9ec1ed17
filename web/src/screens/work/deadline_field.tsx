/** A deadline: a date and a time, or one of those that are wanted most. */

import { useRef } from "react";
import { t } from "@/app/words";
import { Button } from "@/kit/button";
import { Field, Input } from "@/kit/field";
import { asField } from "./terms";

const EVENING_HOUR = 18;

/** Return the evening so many days from now. */
function evening(days: number): Date {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(EVENING_HOUR, 0, 0, 0);
  return at;
}

export function DeadlineField({ deadline }: { readonly deadline?: string | null | undefined }) {
  const field = useRef<HTMLInputElement>(null);
  const put = (at: Date | null) => () => {
    if (field.current) field.current.value = asField(at?.toISOString());
    field.current?.focus();
  };
  return (
    <div>
      <Field label={t("Deadline")} hint={t("In your own time. Tasks due sooner are given out sooner.")}>
        {(links) => (
          <Input
            {...links}
            ref={field}
            name="deadline"
            type="datetime-local"
            defaultValue={asField(deadline)}
          />
        )}
      </Field>
      <div className="mt-2 flex flex-wrap gap-1.5">
        <Button size="sm" onClick={put(evening(1))}>
          {t("Tomorrow evening")}
        </Button>
        <Button size="sm" onClick={put(evening(7))}>
          {t("In a week")}
        </Button>
        <Button size="sm" look="ghost" onClick={put(null)}>
          {t("None")}
        </Button>
      </div>
    </div>
  );
}

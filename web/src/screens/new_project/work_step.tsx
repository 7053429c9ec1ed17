/** The third step: the name, the instructions, how many people a task, and who looks again. */

import { t } from "@/app/words";
import { Segments } from "@/kit/choices";
import { Field, Input, TextArea } from "@/kit/field";
import type { Plan, Wrong } from "./plan";

export function WorkStep({ plan, wrong }: { readonly plan: Plan; readonly wrong: Wrong }) {
  const { draft, change } = plan;
  return (
    <div className="grid gap-6 lg:grid-cols-[3fr_2fr]">
      <div className="flex flex-col gap-5">
        <Field label={t("Name")} error={wrong["/name"]}>
          {(links) => (
            <Input {...links} value={plan.name} onChange={(event) => change({ name: event.target.value })} />
          )}
        </Field>
        <Field
          label={t("Instructions")}
          hint={t("Read by everybody before they begin. Markdown works: # heading, **bold**, - list.")}
          error={wrong["/instructions"]}
        >
          {(links) => (
            <TextArea
              {...links}
              rows={7}
              value={plan.instructions}
              onChange={(event) => change({ instructions: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-col gap-5">
        <Field
          label={t("People a task")}
          hint={t("One is fastest. With three, where they disagree shows what is hard, and the most decide.")}
          error={wrong["/overlap"]}
        >
          {(links) => (
            <Input
              {...links}
              type="number"
              min={1}
              max={100}
              className="max-w-28"
              value={draft.overlap}
              onChange={(event) => change({ overlap: event.target.value })}
            />
          )}
        </Field>
        <Review plan={plan} wrong={wrong} />
      </div>
    </div>
  );
}

function Review({ plan: { draft, change }, wrong }: { readonly plan: Plan; readonly wrong: Wrong }) {
  return (
    <div className="flex flex-col items-start gap-2">
      <span className="text-sm font-medium">{t("Reviewed before it counts")}</span>
      <Segments
        label={t("Reviewed before it counts")}
        value={draft.review}
        choices={[
          ["none", t("Nothing")],
          ["sample", t("A sample")],
          ["all", t("Everything")],
        ]}
        onChange={(review) => change({ review })}
      />
      {draft.review === "sample" && (
        <Field label={t("Of a hundred, so many")} error={wrong["/quality/review/share"]}>
          {(links) => (
            <Input
              {...links}
              type="number"
              min={1}
              max={100}
              className="max-w-28"
              value={draft.share}
              onChange={(event) => change({ share: event.target.value })}
            />
          )}
        </Field>
      )}
      <p className="text-sm text-quiet">
        {draft.review === "none"
          ? t("What people answer counts as soon as they agree.")
          : t(
              "Nobody reviews what they answered themselves: it takes a second person, whom you invite afterwards.",
            )}
      </p>
    </div>
  );
}

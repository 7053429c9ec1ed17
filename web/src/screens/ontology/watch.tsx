/** How a version on trial does beside the one before: refused answers and disagreement. */

import { counted, t } from "@/app/words";
import { Badge } from "@/kit/shown";
import type { Publication } from "./queries";

const VERDICTS = () => ({
  too_early: ["plain", t("too early to tell")],
  as_before: ["good", t("as before")],
  worse: ["bad", t("worse than before")],
});

export function Watch({ publication }: { readonly publication: Publication }) {
  const { watched, state, share } = publication;
  if (state !== "watching" && !watched) return null;
  const [tone, verdict] = VERDICTS()[watched?.verdict ?? "too_early"] as ["plain" | "good" | "bad", string];
  const now = watched?.trial;
  const then = watched?.before;
  return (
    <section aria-label={t("Watched")} className="rounded-md border border-line p-3">
      <p className="mb-2 flex flex-wrap items-center gap-2">
        <span className="font-medium">
          {share < 1
            ? t("Tried on {share} % of new tasks", { share: Math.round(100 * share) })
            : t("Tried on whole projects")}
        </span>
        <Badge tone={tone}>{verdict}</Badge>
        {watched?.reason && <span className="text-sm text-quiet">{watched.reason}</span>}
      </p>
      <table className="w-full text-left text-sm">
        <thead className="text-quiet">
          <tr>
            <th scope="col" className="font-medium" aria-label={t("Rate")} />
            <th scope="col" className="text-right font-medium">
              {t("On trial")}
            </th>
            <th scope="col" className="text-right font-medium">
              {t("Before")}
            </th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          <Line words={t("Answers")} now={counted(now?.answers ?? 0)} then={counted(then?.answers ?? 0)} />
          <Line words={t("Refused")} now={refused(now)} then={refused(then)} />
          <Line words={t("Disagreement")} now={differing(now)} then={differing(then)} />
        </tbody>
      </table>
    </section>
  );
}

type Rates = NonNullable<Publication["watched"]>["trial"];

const percent = (share: number) => t("{share} %", { share: (100 * share).toFixed(1) });

function refused(rates: Rates | undefined): string {
  const asked = (rates?.answers ?? 0) + (rates?.refusals ?? 0);
  return rates && asked ? percent((rates.refusals ?? 0) / asked) : "–";
}

const differing = (rates: Rates | undefined): string =>
  rates?.compared ? percent(rates.disagreement ?? 0) : "–";

interface LineProps {
  readonly words: string;
  readonly now: string;
  readonly then: string;
}

const Line = ({ words, now, then }: LineProps) => (
  <tr>
    <th scope="row" className="font-normal">
      {words}
    </th>
    <td className="text-right">{now}</td>
    <td className="text-right">{then}</td>
  </tr>
);

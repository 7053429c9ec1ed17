/** What a change would do, as the server says it: words, how old and new answers agree, counts, samples, losses. */

import { counted, t } from "@/app/words";
import { Badge, Notice } from "@/kit/shown";
import { type Column, Table } from "@/kit/table";
import type { Checked } from "./queries";
import { stepWords } from "./said";
import type { Step } from "./steps";

const AGREE = () => ({
  full: ["good", t("Fits both ways"), t("Answers stay valid as they are.")],
  backward: ["good", t("Old answers fit"), t("Answers given so far stay valid as they are.")],
  forward: ["warn", t("Answers have to follow"), t("Some answers given so far would not be valid.")],
  breaking: ["warn", t("Breaking"), t("Old and new answers do not fit each other: answers have to follow.")],
});

export function CheckedView({ checked }: { readonly checked: Checked }) {
  const { compatibility, differences, answers } = checked;
  // Each is its place and what is lost.
  const losses = (compatibility.losses ?? []) as readonly (readonly [string, string])[];
  const [tone, title, words] = AGREE()[compatibility.kind] as ["good" | "warn", string, string];
  return (
    <div className="flex flex-col gap-5">
      <StepsTold steps={checked.steps} />
      <section aria-label={t("What differs")}>
        <h3 className="mb-1.5 font-semibold">{t("What differs")}</h3>
        <Differences differences={differences} />
      </section>
      <section aria-label={t("Compatibility")}>
        <h3 className="mb-1.5 flex items-center gap-2 font-semibold">
          {t("Compatibility")} <Badge tone={tone}>{title}</Badge>
        </h3>
        <p className="text-quiet">{words}</p>
        <ul className="mt-1.5 list-disc pl-5">
          {compatibility.reasons.map(({ direction, path, words: why }) => (
            <li key={`${direction} ${path} ${why}`}>
              {why}{" "}
              <span className="text-sm text-quiet">
                {direction === "backward"
                  ? t("(for answers given so far)")
                  : t("(for new answers, going back)")}
              </span>
            </li>
          ))}
        </ul>
        {losses.length > 0 && (
          <div className="mt-3">
            <Notice tone="warn">
              <p className="font-medium">{t("What the steps back do not know again")}</p>
              <ul className="list-disc pl-5">
                {losses.map(([path, what]) => (
                  <li key={path}>{what}</li>
                ))}
              </ul>
              <p className="mt-1">
                {t("A roll back does not need them: what answers were before is kept, to the byte.")}
              </p>
            </Notice>
          </div>
        )}
      </section>
      <Touched answers={answers} />
    </div>
  );
}

/** The steps of a version, as the server keeps them; nothing where none are known. */
export function StepsTold({ steps }: { readonly steps: unknown }) {
  if (!Array.isArray(steps) || steps.length === 0) return null;
  return (
    <section aria-label={t("Steps")}>
      <h3 className="mb-1.5 font-semibold">{t("Steps")}</h3>
      <ol className="list-decimal pl-5">
        {(steps as readonly Step[]).map((step) => (
          <li key={JSON.stringify(step)}>{stepWords(step)}</li>
        ))}
      </ol>
    </section>
  );
}

export function Differences({ differences }: Pick<Checked, "differences">) {
  if (differences.length === 0) return <p className="text-quiet">{t("Nothing differs.")}</p>;
  return (
    <ul aria-label={t("Differences")} className="list-disc pl-5">
      {differences.map(({ path, words }) => (
        <li key={`${path} ${words}`} className="break-words">
          {words}
        </li>
      ))}
    </ul>
  );
}

type Answers = Checked["answers"];
type Counted = readonly [kind: string, counts: Answers["counts"][string]];

const KIND_WORDS = (): Readonly<Record<string, string>> => ({
  submission: t("Answers of people"),
  outcome: t("Outcomes"),
  gold: t("Known answers"),
  prediction: t("Predictions"),
  draft: t("Drafts"),
});

const column = (id: keyof Counted[1], title: string): Column<Counted> => ({
  id,
  title,
  end: true,
  cell: ([, counts]) => counted(counts[id] ?? 0),
  value: ([, counts]) => counts[id] ?? 0,
});

function Touched({ answers }: { readonly answers: Answers }) {
  const columns: readonly Column<Counted>[] = [
    { id: "kind", title: t("Kind"), cell: ([kind]) => KIND_WORDS()[kind] ?? kind },
    column("looked_at", t("Looked at")),
    column("changed", t("Changed")),
    column("lossy", t("Lose something")),
    column("ambiguous", t("People decide")),
    column("invalid", t("Would be invalid")),
  ];
  const labels = Object.entries(answers.labels).sort(([, one], [, other]) => other - one);
  return (
    <section aria-label={t("What it touches")} className="flex flex-col gap-3">
      <h3 className="font-semibold">{t("What it touches")}</h3>
      {!answers.complete && (
        <Notice tone="accent">
          {t("Of {total} answers the oldest were looked at: a look takes a second at most.", {
            total: counted(answers.total),
          })}
        </Notice>
      )}
      <Table
        label={t("Answers by kind")}
        columns={columns}
        rows={Object.entries(answers.counts)}
        keyOf={([kind]) => kind}
        nameOf={([kind]) => KIND_WORDS()[kind] ?? kind}
        empty={<p className="p-4 text-quiet">{t("There are no answers yet: nothing is touched.")}</p>}
      />
      {labels.length > 0 && (
        <ul aria-label={t("Marks by label")} className="flex flex-wrap items-center gap-1.5">
          <li className="text-sm text-quiet">{t("In the answers that it touches:")}</li>
          {labels.map(([label, marks]) => (
            <li key={label}>
              <Badge>
                {label.slice(label.indexOf("/") + 1)}{" "}
                {t("{marks, plural, one {# mark} other {# marks}}", { marks })}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {answers.samples.length > 0 && <Samples samples={answers.samples} />}
    </section>
  );
}

function Samples({ samples }: Pick<Answers, "samples">) {
  return (
    <div className="flex flex-col gap-2">
      <h4 className="text-sm font-medium">{t("Before and after")}</h4>
      {samples.map((one) => (
        <figure key={one.id} className="overflow-hidden rounded-md border border-line">
          <figcaption className="flex flex-wrap items-center gap-2 border-b border-line bg-sunken px-2.5 py-1 text-sm text-quiet">
            <span>{KIND_WORDS()[one.kind] ?? one.kind}</span>
            <code className="min-w-0 flex-1 truncate font-mono text-xs">{one.id}</code>
          </figcaption>
          <Side sign="−" words={t("before")} answer={one.before} />
          {one.after === null || one.after === undefined ? (
            <p className="px-2.5 py-1.5 text-sm text-warn">{one.reason}</p>
          ) : (
            <Side sign="+" words={t("after")} answer={one.after} />
          )}
        </figure>
      ))}
    </div>
  );
}

interface SideProps {
  readonly sign: "−" | "+";
  readonly words: string;
  readonly answer: unknown;
}

const Side = ({ sign, words, answer }: SideProps) => (
  <p
    className={`flex gap-2 px-2.5 py-1 font-mono text-xs break-all ${sign === "+" ? "bg-good-soft text-good" : "bg-bad-soft text-bad"}`}
  >
    <span aria-hidden="true">{sign}</span>
    <span className="sr-only">{words}</span>
    <code className="line-clamp-3">{JSON.stringify(answer)}</code>
  </p>
);

/** Which of two replies is better, and how much. */

import { type RefObject, useMemo, useRef, useState } from "react";
import { t } from "@/app/words";
import { isRecord } from "@/engine/document/answer";
import type { Json } from "@/engine/document/values";
import { difference } from "@/engine/text/difference";
import { Switch } from "@/kit/choices";
import { classes } from "@/kit/classes";
import { Kbd } from "@/kit/kbd";
import { Differing } from "../differing";
import { FormFrame, KeyHints, useFormCommands } from "../form_frame";
import { OptionRow } from "../option_row";
import type { FormProps } from "../surface";
import { Prompt, Prose } from "../text/item_reading";

/** Below 0 for A, above for B, 0 for a tie; the size is the strength. */
type Lean = number;

export default function PreferenceForm(props: FormProps) {
  const { tool, task, readOnly } = props;
  const box = useRef<HTMLElement>(null);
  const [differing, setDiffering] = useState(false);
  const { strengthMax, leans, lean, pick } = usePreference(props);
  const [a, b] = [textOf(task.item.a), textOf(task.item.b)];
  const runs = useMemo(() => (differing ? difference(a, b) : null), [differing, a, b]);
  usePreferenceCommands(props, box, { leans, lean, pick, strengthMax }, () => setDiffering(!differing));
  return (
    <div className="flex min-h-full flex-col">
      {task.item.prompt !== undefined && <Prompt prompt={task.item.prompt} />}
      <div className="mx-auto grid w-full max-w-[140ch] flex-1 content-start gap-4 p-4 sm:grid-cols-2 sm:p-6">
        {(["a", "b"] as const).map((side) => (
          <Reply
            key={side}
            name={side.toUpperCase()}
            chosen={side === "a" ? (lean ?? 0) < 0 : (lean ?? 0) > 0}
            pick={() => !readOnly && pick(side === "a" ? -1 : 1)}
          >
            {runs ? <Differing runs={runs} side={side === "a" ? "before" : "after"} /> : side === "a" ? a : b}
          </Reply>
        ))}
      </div>
      <div className="sticky bottom-0 border-line border-t bg-surface/95 px-4 py-3 sm:px-6">
        <FormFrame
          tool={tool}
          title={t("Which one is better?")}
          said={lean === undefined ? "" : nameOf(lean, strengthMax)}
          box={box}
          className="mx-auto max-w-[90ch]"
        >
          <OptionRow
            label={t("Which one is better?")}
            options={leans.map((value, place) => ({
              value,
              words: <LeanWords lean={value} strengthMax={strengthMax} />,
              name: nameOf(value, strengthMax),
              digit: String(place + 1),
            }))}
            chosen={lean}
            pick={pick}
            readOnly={readOnly}
            className="flex-nowrap! gap-1"
            optionClassName="min-w-0! flex-1 px-1!"
          />
          <div className="flex items-center justify-between gap-3">
            <KeyHints
              hints={[
                [["←", "→"], t("towards A or B")],
                ...(leans.includes(0) ? [[["T"], t("tie")] as const] : []),
                [["1", "…"], t("from left to right")],
              ]}
            />
            <span className="ml-auto flex items-center gap-2 text-sm">
              {t("Show what differs")}
              <span className="max-sm:hidden">
                <Kbd keys={["D"]} />
              </span>
              <Switch label={t("Show what differs")} checked={differing} onChange={setDiffering} />
            </span>
          </div>
        </FormFrame>
      </div>
    </div>
  );
}

interface Preference {
  readonly strengthMax: number;
  readonly leans: readonly Lean[];
  readonly lean: Lean | undefined;
  readonly pick: (lean: Lean | undefined) => void;
}

function usePreference({ tool, definition, document, perform, announce }: FormProps): Preference {
  const settings = definition.tools[tool];
  const strengthMax = typeof settings?.strength_max === "number" ? settings.strength_max : 1;
  const pick = (next: Lean | undefined) => {
    if (next === undefined) return;
    perform({ kind: "fill", tool, value: preferenceOf(next, strengthMax) });
    announce(nameOf(next, strengthMax));
  };
  return {
    strengthMax,
    leans: leansOf(strengthMax, settings?.ties !== false),
    lean: leanOf(document.forms[tool]),
    pick,
  };
}

function usePreferenceCommands(
  props: FormProps,
  box: RefObject<HTMLElement | null>,
  { leans, lean, pick, strengthMax }: Preference,
  showDifference: () => void,
): void {
  const towards = (by: 1 | -1) => () => pick(nextLean(leans, lean, by));
  useFormCommands(props, box, [
    { id: "a", title: t("Prefer A, or more so"), keys: ["left", "a"], run: towards(-1) },
    { id: "b", title: t("Prefer B, or more so"), keys: ["right", "b"], run: towards(1) },
    {
      id: "tie",
      title: t("A tie"),
      keys: ["down", "t"],
      enabled: () => leans.includes(0),
      run: () => pick(0),
    },
    { id: "difference", title: t("Show what differs"), keys: ["d"], run: showDifference },
    ...leans.slice(0, 9).map((value, place) => ({
      id: `choice-${place + 1}`,
      title: nameOf(value, strengthMax),
      keys: [String(place + 1)],
      run: () => pick(value),
    })),
  ]);
}

const textOf = (found: Json | undefined): string => (typeof found === "string" ? found : "");

function leansOf(strengthMax: number, ties: boolean): readonly Lean[] {
  const strengths = Array.from({ length: strengthMax }, (_, at) => at + 1);
  return [...strengths.map((strength) => -strength).reverse(), ...(ties ? [0] : []), ...strengths];
}

export function leanOf(value: Json | undefined): Lean | undefined {
  if (!isRecord(value)) return undefined;
  if (value.choice === "tie") return 0;
  const strength = typeof value.strength === "number" ? value.strength : 1;
  return value.choice === "a" ? -strength : strength;
}

export function preferenceOf(lean: Lean, strengthMax: number): Json {
  if (lean === 0) return { choice: "tie" };
  const choice = lean < 0 ? "a" : "b";
  return strengthMax > 1 ? { choice, strength: Math.abs(lean) } : { choice };
}

/** The first step to a side is the weakest preference for it; further ones make it stronger. */
export function nextLean(leans: readonly Lean[], lean: Lean | undefined, by: 1 | -1): Lean | undefined {
  if (lean === undefined) return by;
  const next = leans[leans.indexOf(lean) + by];
  return next ?? lean;
}

function nameOf(lean: Lean, strengthMax: number): string {
  if (lean === 0) return t("Tie");
  const name = lean < 0 ? "A" : "B";
  if (strengthMax === 1) return t("{name} is better", { name });
  const strength = Math.abs(lean);
  if (strength === 1) return t("{name} is slightly better", { name });
  if (strength === strengthMax) return t("{name} is far better", { name });
  return t("{name} is better, {strength} of {strengthMax}", { name, strength, strengthMax });
}

function LeanWords({ lean, strengthMax }: { readonly lean: Lean; readonly strengthMax: number }) {
  if (lean === 0) return t("Tie");
  const name = lean < 0 ? "A" : "B";
  if (strengthMax === 1) return name;
  const more = "+".repeat(Math.min(Math.abs(lean) - 1, 3)) + (Math.abs(lean) > 4 ? Math.abs(lean) : "");
  return `${name}${more}`;
}

interface ReplyProps {
  readonly name: string;
  readonly chosen: boolean;
  readonly pick: () => void;
  readonly children: React.ReactNode;
}

function Reply({ name, chosen, pick, children }: ReplyProps) {
  return (
    <article
      aria-label={t("Reply {name}", { name })}
      className={classes(
        "flex flex-col gap-2 rounded-lg border-2 bg-raised p-4 shadow-card transition-colors duration-100",
        chosen ? "border-accent" : "border-line",
      )}
    >
      <button
        type="button"
        aria-label={t("{name} is better", { name })}
        aria-pressed={chosen}
        onClick={pick}
        className={classes(
          "flex size-7 items-center justify-center rounded-md font-semibold text-sm",
          chosen ? "bg-accent text-on-accent" : "bg-sunken text-quiet hover:text-ink",
        )}
      >
        {name}
      </button>
      <Prose>{children}</Prose>
    </article>
  );
}

/** The reviewer's own answer: the same surface and tools as labelling, begun from the outcome or from an answer. */

import { useMemo, useState } from "react";
import type { Issue } from "@/annotate/calls";
import { LabelPalette } from "@/annotate/label_palette";
import { drawnTools } from "@/annotate/labels";
import { SidePanel } from "@/annotate/side_panel";
import { Form, SurfaceHost } from "@/annotate/surface_host";
import { useHand } from "@/annotate/use_hand";
import { useSelection } from "@/annotate/use_selection";
import { selectionCommands } from "@/annotate/use_work_commands";
import { type Command, Hint, useCommands } from "@/app/commands";
import { t } from "@/app/words";
import { gaps } from "@/engine/document/gaps";
import type { History } from "@/engine/document/history";
import type { Json } from "@/engine/document/values";
import { keysFor } from "@/engine/hotkeys/catalogue";
import { Button, IconButton } from "@/kit/button";
import { notify } from "@/kit/toast";
import type { Pin } from "@/surfaces/surface";
import { ChangesDialog } from "./changes_dialog";
import type { Reviewed } from "./preparing";
import type { ReviewSession, ReviewView } from "./session";
import { Unkept } from "./verdict_bar";

export interface AmendBenchProps {
  readonly session: ReviewSession;
  readonly view: ReviewView;
  readonly reviewed: Reviewed;
  readonly history: History;
  readonly comment: string;
  readonly issues: readonly Issue[];
  readonly pins: readonly Pin[];
  readonly pinAt: (place: Json) => void;
  readonly announce: (words: string) => void;
  readonly painted: () => void;
}

export function AmendBench(props: AmendBenchProps) {
  const { session, reviewed, history, view, announce, issues } = props;
  const { work } = reviewed;
  const document = history.present;
  const hand = useHand(session, { work, history });
  const [tab, setTab] = useState<string | undefined>(undefined);
  const [asks, setAsks] = useState(false);
  const missing = useMemo(
    () => gaps(document, work.definition, new Set(drawnTools(work.editors))),
    [document, work],
  );
  const submit = () => {
    if (missing.length === 0) return setAsks(true);
    notify({ title: t("Something is missing still"), detail: missingWords(missing), tone: "warn" });
  };
  const edited = { work, history };
  useCommands([
    ...amendCommands(session, history, submit, () => props.pinAt(null)),
    ...selectionCommands(session, edited),
  ]);
  const form = { task: work.task, definition: work.definition, document, perform: session.perform, announce };
  const [outcome] = reviewed.voices;
  return (
    <>
      {hand.tools.length > 0 && (
        <div className="shrink-0 border-line bg-raised lg:w-48 lg:border-r">
          <LabelPalette definition={work.definition} {...hand} />
        </div>
      )}
      <Main {...props} hand={hand} form={form} />
      <aside
        aria-label={t("Your answer")}
        className="flex shrink-0 flex-col border-line bg-raised max-lg:border-t lg:min-h-0 lg:w-88 lg:border-l"
      >
        <SidePanel
          {...{ session, work, document, issues, tab, setTab }}
          form={{ ...form, readOnly: false }}
          raise={() => props.pinAt(null)}
          newInstructions={false}
        />
        <Foot session={session} history={history} unkept={view.unkept} submit={submit} />
      </aside>
      {asks && outcome && (
        <ChangesDialog
          close={() => setAsks(false)}
          before={outcome.document}
          after={document}
          multiple={reviewed.multiple}
          comment={props.comment}
          send={(comment) => {
            setAsks(false);
            void session.decide("amended", comment);
          }}
        />
      )}
    </>
  );
}

const missingWords = (missing: ReturnType<typeof gaps>): string =>
  [
    ...new Set(missing.map((gap) => (gap.kind === "tool" ? gap.tool.replaceAll("_", " ") : gap.attribute))),
  ].join(", ");

function amendCommands(
  session: ReviewSession,
  history: History,
  submit: () => void,
  pin: () => void,
): readonly Command[] {
  const command = (id: string, title: string, run: () => void, more: Partial<Command> = {}): Command => {
    return { id, title, scope: "page", keys: keysFor(id), run: () => run(), ...more };
  };
  return [
    command("submit", t("Look at the changes and send them"), submit),
    command("undo", t("Undo"), session.undo, { enabled: () => history.past.length > 0, repeat: true }),
    command("redo", t("Redo"), session.redo, { enabled: () => history.future.length > 0, repeat: true }),
    command("pin", t("Pin a remark to a place"), pin),
    command("review-back", t("Give up the amendment"), session.giveUp, { scope: "tool" }),
  ];
}

interface MainProps extends AmendBenchProps {
  readonly hand: ReturnType<typeof useHand>;
  readonly form: Omit<Parameters<typeof Form>[0], "editor" | "tool" | "readOnly">;
}

function Main({ session, reviewed, hand, form, pins, pinAt, painted }: MainProps) {
  const selection = useSelection(session);
  const main = reviewed.work.editors.find(({ place }) => place === "main");
  const { tool, setTool, label } = hand;
  return (
    <main
      tabIndex={-1}
      aria-label={t("Task")}
      className="relative flex min-h-0 min-w-0 flex-1 flex-col outline-none max-lg:min-h-[45vh]"
    >
      {main ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Form editor={main} tool={main.tool} {...form} readOnly={false} />
        </div>
      ) : (
        <SurfaceHost
          {...form}
          {...{ selection, tool, setTool, label, pins, pinAt, painted }}
          select={session.select}
          readOnly={false}
          freshAddress={async () => undefined}
        />
      )}
    </main>
  );
}

interface FootProps {
  readonly session: ReviewSession;
  readonly history: History;
  readonly unkept: string | null;
  readonly submit: () => void;
}

const Foot = ({ session, history, unkept, submit }: FootProps) => (
  <footer className="flex shrink-0 flex-col gap-2 border-t border-line bg-raised px-3 py-2.5">
    <Unkept unkept={unkept} />
    <div className="flex gap-2">
      <IconButton
        icon="undo"
        label={t("Undo")}
        hint={<Hint command="undo" />}
        disabled={history.past.length === 0}
        onClick={session.undo}
      />
      <IconButton
        icon="redo"
        label={t("Redo")}
        hint={<Hint command="redo" />}
        disabled={history.future.length === 0}
        onClick={session.redo}
      />
      <Button onClick={session.giveUp}>{t("Back")}</Button>
      <Button look="primary" className="flex-1" onClick={submit}>
        {t("Changes")}
        <Hint command="submit" />
      </Button>
    </div>
  </footer>
);

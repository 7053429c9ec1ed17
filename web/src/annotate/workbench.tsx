/** The page of labelling: the item gets the room, and everything else lies calmly around it. */

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { moment, t } from "@/app/words";
import { gaps } from "@/engine/document/gaps";
import type { Document, Json } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Notice } from "@/kit/shown";
import type { FormProps, Pin, SurfaceProps } from "@/surfaces/surface";
import { AnswerFoot } from "./answer_foot";
import { useNewInstructions } from "./instructions_panel";
import { NewIssue, useIssues } from "./issues_panel";
import { LabelPalette } from "./label_palette";
import { drawnTools } from "./labels";
import type { Prepared } from "./preparing";
import type { Session, View } from "./session";
import { SidePanel } from "./side_panel";
import { SkipDialog } from "./skip_dialog";
import { SuggestionBar } from "./suggestion_bar";
import { Form, SurfaceHost } from "./surface_host";
import { useHand } from "./use_hand";
import { useSelection } from "./use_selection";
import { useWorkCommands } from "./use_work_commands";

export interface WorkbenchProps {
  readonly session: Session;
  readonly view: View;
  readonly work: Prepared;
  readonly document: Document;
}

export function Workbench({ session, view, work, document }: WorkbenchProps) {
  const hand = useHand(session, view);
  const [skipping, setSkipping] = useState(false);
  const [place, setPlace] = useState<Json | undefined>(undefined);
  const [tab, setTab] = useState<string | undefined>(undefined);
  const { said, announce } = useAnnouncer();
  const { drawn, painted } = usePainted(work);
  const { id: task, project, instructions_version: version } = work.desk.given.task;
  const [fresh, seen] = useNewInstructions(project, version);
  const issues = useIssues(work.desk.modality, task, drawn);
  const missing = useMemo(
    () => gaps(document, work.definition, new Set(drawnTools(work.editors))),
    [document, work],
  );
  const { tried, submit } = useSubmit(session, work, missing.length === 0);
  const showInstructions = () => {
    setTab((now) => (now === "instructions" ? undefined : "instructions"));
    seen();
  };
  const choose = (chosen: string) => {
    if (chosen === "instructions") seen();
    setTab(chosen);
  };
  useWorkCommands(session, view, {
    submit,
    skip: () => setSkipping(true),
    pin: () => setPlace(null),
    instructions: showInstructions,
  });
  const form = { task: work.task, definition: work.definition, document, perform: session.perform, announce };
  const pins = useMemo(
    () =>
      issues.map((issue): Pin => {
        return { id: issue.id, place: issue.place as Json, title: issue.text, open: issue.state === "open" };
      }),
    [issues],
  );
  const pinAt = useCallback((at: Json) => setPlace(at), []);
  const { tool, setTool, label } = hand;
  const surface = {
    ...form,
    select: session.select,
    tool,
    setTool,
    label,
    pins,
    pinAt,
    freshAddress: session.freshAddress,
  };
  return (
    <Grid
      palette={hand.tools.length > 0 && <LabelPalette definition={work.definition} {...hand} />}
      notices={
        <>
          <SuggestionBar session={session} view={view} />
          <Lost session={session} view={view} />
        </>
      }
      surface={<Main key={task} {...surface} {...{ session, work, painted }} readOnly={false} />}
      side={
        <>
          <SidePanel
            {...{ session, work, document, issues, tab }}
            form={{ ...form, readOnly: false }}
            raise={() => setPlace(null)}
            setTab={choose}
            newInstructions={fresh}
          />
          <AnswerFoot
            {...{ session, view, document, missing, tried, submit }}
            skip={() => setSkipping(true)}
          />
        </>
      }
    >
      <SkipDialog
        open={skipping}
        close={() => setSkipping(false)}
        skip={(reason) => {
          setSkipping(false);
          void session.skip(reason);
        }}
      />
      <NewIssue modality={work.desk.modality} task={task} place={place} close={() => setPlace(undefined)} />
      <p ref={said} aria-live="polite" className="sr-only" />
    </Grid>
  );
}

/** What is said to screen readers is written past React: nothing else on the page changes with it. */
function useAnnouncer() {
  const said = useRef<HTMLParagraphElement>(null);
  const announce = useCallback((words: string) => {
    if (said.current) said.current.textContent = words;
  }, []);
  return { said, announce };
}

/** Says once when a task's first pixels are there. */
function usePainted(work: Prepared) {
  const [drawnTask, setDrawn] = useState<string | null>(null);
  const task = work.task.id;
  const painted = useCallback(() => {
    markDrawn(task);
    setDrawn(task);
  }, [task]);
  return { drawn: drawnTask === task, painted };
}

/** Leaves a mark for measurements as soon as the frame that is being made is on the screen. */
function markDrawn(task: string): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => performance.mark("annotary:drawn", { detail: task });
  port2.postMessage(null);
}

/** Submits where nothing is missing; else says what is. */
function useSubmit(session: Session, work: Prepared, complete: boolean) {
  const [triedOn, setTriedOn] = useState<Prepared | null>(null);
  const submit = () => {
    if (!complete) return setTriedOn(work);
    void session.submit();
  };
  return { tried: triedOn === work, submit };
}

interface GridProps {
  readonly palette: ReactNode;
  readonly notices: ReactNode;
  readonly surface: ReactNode;
  readonly side: ReactNode;
  readonly children: ReactNode;
}

/** Three columns on a desk, one on a phone. */
const Grid = ({ palette, notices, surface, side, children }: GridProps) => (
  <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
    {palette && <div className="shrink-0 border-line bg-raised lg:w-48 lg:border-r">{palette}</div>}
    <div className="flex min-h-0 min-w-0 flex-1 flex-col max-lg:min-h-[45vh]">
      {notices}
      {surface}
    </div>
    <aside
      aria-label={t("Answer")}
      className="flex shrink-0 flex-col border-line bg-raised max-lg:border-t lg:min-h-0 lg:w-80 lg:border-l xl:w-88"
    >
      {side}
    </aside>
    {children}
  </div>
);

interface MainProps extends Omit<SurfaceProps, "selection"> {
  readonly session: Session;
  readonly work: Prepared;
}

function Main({ session, work, ...surface }: MainProps) {
  const main = work.editors.find((editor) => editor.place === "main");
  const box = useRef<HTMLElement>(null);
  // The keys of the surface work from the first moment on, and a screen reader begins with the task.
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <main
      ref={box}
      tabIndex={-1}
      aria-label={t("Task")}
      className="relative flex min-h-0 flex-1 flex-col outline-none"
    >
      {main ? (
        <MainForm editor={main} tool={main.tool} painted={surface.painted} {...formProps(surface)} />
      ) : (
        <Surface session={session} {...surface} />
      )}
    </main>
  );
}

type SurfaceOf = Omit<MainProps, "work">;

const Surface = ({ session, ...surface }: SurfaceOf) => (
  <SurfaceHost {...surface} selection={useSelection(session)} />
);

type Asked = Pick<SurfaceProps, Exclude<keyof FormProps, "tool">>;

const formProps = ({ task, definition, document, perform, readOnly, announce }: Asked) => {
  return { task, definition, document, perform, readOnly, announce };
};

type MainFormProps = FormProps & Pick<Parameters<typeof Form>[0], "editor"> & Pick<SurfaceProps, "painted">;

/** A form does not say when it is painted: it is by the frame after it was drawn. */
function MainForm({ painted, ...form }: MainFormProps) {
  useEffect(() => {
    const frame = requestAnimationFrame(painted);
    return () => cancelAnimationFrame(frame);
  }, [painted]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Form {...form} />
    </div>
  );
}

function Lost({ session, view }: { readonly session: Session; readonly view: View }) {
  const restored = view.work?.restoredFrom;
  if (view.lost) {
    return (
      <Notice tone="warn">
        <p>
          {t("The lease on this task has ended, so somebody else may get it. What you did is kept here.")}
        </p>
        <Button size="sm" className="mt-1.5" onClick={() => void session.giveUp()}>
          {t("Keep it aside and go on")}
        </Button>
      </Notice>
    );
  }
  const draftFrom = view.work?.draftFrom;
  if (draftFrom)
    return (
      <Notice tone="accent">
        {t("This was begun elsewhere: the draft of {when} is back.", { when: moment(draftFrom) })}
      </Notice>
    );
  return restored ? (
    <Notice tone="accent">{t("You had answered this: your answer was kept. Submit it again.")}</Notice>
  ) : null;
}

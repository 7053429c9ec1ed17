/** Reviewing: whose answers on the left, the item in the middle, what differs and the verdict on the right. */

import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Issue } from "@/annotate/calls";
import { InstructionsPanel } from "@/annotate/instructions_panel";
import { IssuesPanel, NewIssue, useIssues } from "@/annotate/issues_panel";
import { useSelection } from "@/annotate/use_selection";
import type { PlatformShape } from "@/api/client";
import { useMe } from "@/app/session";
import { t } from "@/app/words";
import type { Json } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Tabs } from "@/kit/choices";
import { Notice } from "@/kit/shown";
import type { Pin } from "@/surfaces/surface";
import { AmendBench } from "./amend_bench";
import { ItemView } from "./item_view";
import { PointList } from "./point_list";
import { pointerTo, type Reviewed } from "./preparing";
import { RejectDialog } from "./reject_dialog";
import type { ReviewSession, ReviewView } from "./session";
import { type Looking, useLooking } from "./use_looking";
import { useReviewCommands } from "./use_review_commands";
import { VerdictBar } from "./verdict_bar";
import { VoiceList } from "./voice_list";

export interface ReviewBenchProps {
  readonly session: ReviewSession;
  readonly view: ReviewView;
  readonly reviewed: Reviewed;
  readonly project: PlatformShape<"ProjectView">;
}

export function ReviewBench({ session, view, reviewed, project }: ReviewBenchProps) {
  const [comment, setComment] = useState("");
  const [rejects, setRejects] = useState(false);
  const [place, setPlace] = useState<Json | undefined>(undefined);
  const { said, announce } = useAnnouncer();
  const { drawn, painted } = usePainted(reviewed);
  const { modality } = reviewed.desk;
  const { id: task } = reviewed.work.task;
  const issues = useOwnIssues(reviewed, drawn);
  const pins = useMemo(() => issues.map(pinOf), [issues]);
  const pinAt = useCallback((at: Json) => setPlace(at), []);
  const shared = { session, view, reviewed, issues, pins, pinAt, announce, painted, comment };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {view.lost && <Lost session={session} />}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        {view.history ? (
          <AmendBench {...shared} history={view.history} />
        ) : (
          <LookBench
            {...shared}
            project={project}
            setComment={setComment}
            isAsking={rejects}
            reject={() => setRejects(true)}
          />
        )}
      </div>
      <RejectDialog
        open={rejects}
        close={() => setRejects(false)}
        comment={comment}
        reworkBy={project.quality.review?.rework_by ?? "same"}
        reject={(reason) => {
          setRejects(false);
          void session.decide("rejected", reason);
        }}
      />
      <NewIssue modality={modality} task={task} place={place} close={() => setPlace(undefined)} />
      <p ref={said} aria-live="polite" className="sr-only" />
    </div>
  );
}

const pinOf = (issue: Issue): Pin => {
  return { id: issue.id, place: issue.place as Json, title: issue.text, open: issue.state === "open" };
};

interface LookBenchProps extends ReviewBenchProps {
  readonly issues: readonly Issue[];
  readonly pins: readonly Pin[];
  readonly pinAt: (place: Json) => void;
  readonly announce: (words: string) => void;
  readonly painted: () => void;
  readonly comment: string;
  readonly setComment: (comment: string) => void;
  /** A dialog asks for the reason already. */
  readonly isAsking: boolean;
  readonly reject: () => void;
}

function LookBench(props: LookBenchProps) {
  const { session, view, reviewed, pins, pinAt, announce, painted, comment, reject } = props;
  const selection = useSelection(session);
  const looking = useLooking(reviewed, session.select);
  const field = useRef<HTMLTextAreaElement>(null);
  const accept = () => void session.decide("accepted", comment);
  const amend = () => session.amend(amendedFrom(reviewed, looking));
  const pin = () => pinAt(placeOf(reviewed, looking));
  useReviewCommands({
    reviewed,
    looking,
    accept,
    reject,
    amend,
    pin,
    comment: () => field.current?.focus(),
  });
  return (
    <>
      <div className="shrink-0 border-line bg-raised lg:w-60 lg:border-r">
        <VoiceList reviewed={reviewed} looking={looking} amend={({ document }) => session.amend(document)} />
      </div>
      <Stage>
        <ItemView
          {...{ reviewed, looking, selection, pins, pinAt, announce, painted }}
          select={session.select}
        />
      </Stage>
      <aside
        aria-label={t("Verdict")}
        className="flex shrink-0 flex-col border-line bg-raised max-lg:border-t lg:min-h-0 lg:w-88 lg:border-l"
      >
        <Side {...props} looking={looking} raise={pin} />
        <VerdictBar
          {...{ comment, field, accept, reject, amend }}
          setComment={props.setComment}
          unkept={view.unkept}
        />
      </aside>
    </>
  );
}

/** The keys work from the first moment on, and a screen reader begins with the task. */
function Stage({ children }: { readonly children: React.ReactNode }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <main
      ref={box}
      tabIndex={-1}
      data-stage
      aria-label={t("Task")}
      className="relative flex min-h-0 min-w-0 flex-1 flex-col outline-none max-lg:min-h-[45vh]"
    >
      {children}
    </main>
  );
}

/** One answer that is looked at alone is what an amendment begins from; else it is the outcome. */
function amendedFrom({ voices }: Reviewed, { shown }: Looking) {
  const [only] = shown.size === 1 ? shown : [0];
  const voice = voices.find(({ number }) => number === only) ?? voices[0];
  if (!voice) throw new Error("a review has an outcome");
  return voice.document;
}

/** Where a remark on the chosen difference is pinned: at the outcome's mark, or else at the task as a whole. */
function placeOf({ voices }: Reviewed, { at }: Looking): Json {
  const mark = at?.said[0]?.mark;
  return mark && voices[0] ? pointerTo(voices[0].document, mark.id) : null;
}

interface SideProps extends LookBenchProps {
  readonly looking: Looking;
  readonly raise: () => void;
}

function Side({ reviewed, project, issues, looking, raise }: SideProps) {
  const [tab, setTab] = useState("points");
  const { points, voices, desk, work } = reviewed;
  const open = issues.filter(({ state }) => state === "open").length;
  const count = looking.differences.length;
  const tabs = [
    {
      value: "points",
      label: count > 0 ? t("Differences ({count})", { count }) : t("Answers"),
      content: <PointList points={points} voices={voices} looking={looking} text={work.task.item.text} />,
    },
    {
      value: "issues",
      label: open > 0 ? t("Remarks ({count})", { count: open }) : t("Remarks"),
      content: <IssuesPanel modality={desk.modality} task={work.task.id} issues={issues} raise={raise} />,
    },
    {
      value: "instructions",
      label: t("Instructions"),
      content: <InstructionsPanel project={project.id} version={project.instructions_version} />,
    },
  ];
  return (
    <div className="flex min-h-0 flex-1 flex-col px-1 *:flex-1">
      <Tabs label={t("Beside the review")} tabs={tabs} value={tab} onChange={setTab} />
    </div>
  );
}

/** Remarks that came with the review, and this person's own: an audit is judged without those of earlier looks. */
function useOwnIssues({ desk, work }: Reviewed, drawn: boolean): readonly Issue[] {
  const me = useMe().member.id;
  const all = useIssues(desk.modality, work.task.id, drawn);
  return useMemo(() => {
    const given = new Set(desk.review.issues.map(({ id }) => id));
    return all.filter(({ id, raised_by: by }) => given.has(id) || by === me);
  }, [all, desk, me]);
}

/** What is said to screen readers is written past React: nothing else on the page changes with it. */
function useAnnouncer(): { said: RefObject<HTMLParagraphElement | null>; announce: (words: string) => void } {
  const said = useRef<HTMLParagraphElement>(null);
  const announce = useCallback((words: string) => {
    if (said.current) said.current.textContent = words;
  }, []);
  return { said, announce };
}

/** Says once when a review's first pixels are there, and leaves a mark for measurements. */
function usePainted(reviewed: Reviewed) {
  const [drawnReview, setDrawn] = useState<Reviewed | null>(null);
  const painted = useCallback(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => performance.mark("annotary:drawn", { detail: reviewed.work.task.id });
    port2.postMessage(null);
    setDrawn(reviewed);
  }, [reviewed]);
  return { drawn: drawnReview === reviewed, painted };
}

const Lost = ({ session }: { readonly session: ReviewSession }) => (
  <Notice tone="warn">
    <p>
      {t(
        "The lease on this review has ended, or its outcome has changed meanwhile: somebody looks at it anew.",
      )}
    </p>
    <Button size="sm" className="mt-1.5" onClick={session.goOn}>
      {t("Go on to the next one")}
    </Button>
  </Notice>
);

/** Remarks pinned to places of the task: read, answered, settled, and new ones raised. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { moment, t } from "@/app/words";
import type { Json, Modality } from "@/engine/document/values";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Field, TextArea } from "@/kit/field";
import { Badge } from "@/kit/shown";
import { notify } from "@/kit/toast";
import { commentOn, type Issue, listIssues, raiseIssue, settle } from "./calls";

/** The same one every time, so that nothing is drawn again because of it. */
const none: readonly Issue[] = [];
const keyOf = (task: string) => ["issues", task] as const;

/** The issues of a task; asked for once its first pixels are there, since drawing comes first. */
export function useIssues(modality: Modality, task: string | undefined, drawn: boolean): readonly Issue[] {
  const { data } = useQuery({
    queryKey: keyOf(task ?? ""),
    queryFn: () => (task ? listIssues(modality, task) : []),
    enabled: task !== undefined && drawn,
    retry: false,
  });
  return data ?? none;
}

export interface IssuesPanelProps {
  readonly modality: Modality;
  readonly task: string;
  readonly issues: readonly Issue[];
  readonly raise: () => void;
}

export function IssuesPanel({ modality, task, issues, raise }: IssuesPanelProps) {
  return (
    <div className="flex min-h-0 flex-col gap-3 overflow-y-auto px-3 pb-3">
      {issues.length === 0 && <p className="text-sm text-quiet">{t("Nobody has remarked on this task.")}</p>}
      {issues.map((issue) => (
        <IssueCard key={issue.id} modality={modality} task={task} issue={issue} />
      ))}
      <Button icon="pin" size="sm" onClick={raise}>
        {t("New remark")}
      </Button>
    </div>
  );
}

function IssueCard({ modality, task, issue }: { modality: Modality; task: string; issue: Issue }) {
  const [text, setText] = useState("");
  const act = useActing(task);
  const open = issue.state === "open";
  return (
    <article className="flex flex-col gap-2 rounded-md border border-line bg-raised p-2.5">
      <div className="flex items-center gap-2">
        <Badge tone={open ? "warn" : "good"}>{open ? t("open") : t("settled")}</Badge>
        <span className="text-xs text-quiet">{moment(issue.raised_at)}</span>
      </div>
      <p className="text-base break-words whitespace-pre-wrap">{issue.text}</p>
      {issue.comments.map((comment) => (
        <p key={comment.id} className="border-l-2 border-line pl-2 text-sm break-words whitespace-pre-wrap">
          {comment.text}
        </p>
      ))}
      <form
        className="flex gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => {
            await commentOn(modality, issue.id, text);
            setText("");
          });
        }}
      >
        <TextArea
          aria-label={t("Comment")}
          className="min-h-8 flex-1 resize-y"
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" size="sm" disabled={!text.trim()}>
          {t("Send")}
        </Button>
      </form>
      <Button size="sm" look="ghost" onClick={() => void act(() => settle(modality, issue.id, open))}>
        {open ? t("Settle") : t("Open again")}
      </Button>
    </article>
  );
}

/** Runs an action on a task's issues, shows what it changed, and says what went wrong. */
function useActing(task: string): (action: () => Promise<unknown>) => Promise<boolean> {
  const client = useQueryClient();
  return async (action) => {
    try {
      await action();
      await client.invalidateQueries({ queryKey: keyOf(task) });
      return true;
    } catch (error) {
      notify({
        title: t("That did not work"),
        detail: error instanceof Error ? error.message : "",
        tone: "bad",
      });
      return false;
    }
  };
}

export interface NewIssueProps {
  readonly modality: Modality;
  readonly task: string;
  /** Where it is pinned; null: to the task as a whole; undefined: no dialog. */
  readonly place: Json | undefined;
  readonly close: () => void;
}

export function NewIssue({ modality, task, place, close }: NewIssueProps) {
  const [text, setText] = useState("");
  const act = useActing(task);
  const send = async () => {
    if (await act(() => raiseIssue(modality, task, text, place ?? null))) {
      setText("");
      close();
    }
  };
  return (
    <Dialog
      open={place !== undefined}
      onOpenChange={(open) => !open && close()}
      title={t("New remark")}
      description={place === null ? t("About the task as a whole.") : t("Pinned to the place you chose.")}
      actions={
        <Button look="primary" disabled={!text.trim()} onClick={() => void send()}>
          {t("Raise it")}
        </Button>
      }
    >
      <Field label={t("What is the matter?")}>
        {(links) => (
          <TextArea
            {...links}
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={4}
            autoFocus
          />
        )}
      </Field>
    </Dialog>
  );
}
